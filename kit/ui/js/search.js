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
  const box = document.getElementById("q"), list = document.getElementById("q-list");
  let timer, asked;
  box?.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      asked?.abort();
      asked = new AbortController();
      try {
        const answer = await fetch(`${box.form.action}/suggestions?q=${encodeURIComponent(box.value)}`, { signal: asked.signal });
        if (answer.ok) list.innerHTML = await answer.text();
      } catch { /* typed on, or no network */ }
    }, 250);
  });
}
