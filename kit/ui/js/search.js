// « / » leads to the search box.
addEventListener("keydown", (e) => {
  const box = document.getElementById("q");
  if (e.key !== "/" || !box || e.ctrlKey || e.metaKey || e.altKey || e.target.closest("input, textarea, select, [contenteditable]")) return;
  e.preventDefault();
  box.focus();
  box.select();
});
// What is being typed there is completed by the titles that begin so.
{
  const box = document.getElementById("q");
  answering(box, document.getElementById("q-list"), (signal) => fetch(`${box.form.action}/suggestions?q=${encodeURIComponent(box.value)}`, { signal }));
}
