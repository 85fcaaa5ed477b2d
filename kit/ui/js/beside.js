// What a form with data-beside means is told beside it, in #beside.
for (const form of document.querySelectorAll("form[data-beside]")) {
  answering(form, document.getElementById("beside"), (signal) => {
    const body = new URLSearchParams([...new FormData(form)].filter(([name, value]) => name !== "once" && typeof value === "string"));
    return fetch(form.dataset.beside, { method: "POST", body, signal });
  });
}
