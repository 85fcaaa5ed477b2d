// « / » leads to the search box.
addEventListener("keydown", (e) => {
  const box = document.getElementById("q");
  if (e.key !== "/" || !box || e.ctrlKey || e.metaKey || e.altKey || e.target.closest("input, textarea, select, [contenteditable]")) return;
  e.preventDefault();
  box.focus();
  box.select();
});
