// What a form with data-beside means is told beside it, in #beside, once one stops typing.
for (const form of document.querySelectorAll("form[data-beside]")) {
  const box = document.getElementById("beside");
  let timer, asked;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      asked?.abort();
      asked = new AbortController();
      const body = new URLSearchParams([...new FormData(form)].filter(([name, value]) => name !== "once" && typeof value === "string"));
      try {
        const answer = await fetch(form.dataset.beside, { method: "POST", body, signal: asked.signal });
        if (answer.ok) box.innerHTML = await answer.text();
      } catch { /* typed on, or no network */ }
    }, 400);
  });
}
