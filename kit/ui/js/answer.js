// What is typed is answered in a box once one stops typing; what is typed on drops the answer to come.
const answering = (typed, box, ask) => {
  let timer, asked;
  typed?.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      asked?.abort();
      asked = new AbortController();
      try {
        const answer = await ask(asked.signal);
        if (answer.ok) box.innerHTML = await answer.text();
      } catch { /* typed on, or no network */ }
    }, 300);
  });
};
