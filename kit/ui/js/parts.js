// A large file goes in parts where its form says so (data-parts): a line that is cut costs a part,
// and the same file chosen again, today or within a week, goes on from what has arrived. The form
// then sends the name of the sending (in the answer) in the place of the file.
{
  const size = 256 * 1024, tries = 6;
  const wait = (ms) => new Promise((done) => setTimeout(done, ms));

  const part = async (form, file, at) => {
    const body = new FormData();
    if (at !== undefined) body.append("file", file.slice(at, at + size), "part");
    const q = new URLSearchParams({ name: file.name, size: file.size, mark: file.lastModified, at: at ?? 0 });
    const answer = await fetch(`${form.dataset.parts}?${q}`, { method: "POST", body });
    if (answer.status >= 500) throw answer;
    return [200, 422, 429].includes(answer.status) ? answer.text() : "";
  };

  const send = async (form, input, file) => {
    const told = form.querySelector("[data-told]") ?? document.createElement("div");
    told.className = "actions";
    told.dataset.told = "";
    told.setAttribute("role", "status");
    input.after(told);
    for (let at, failed = 0; at !== file.size;) {
      try {
        told.innerHTML = await part(form, file, at);
        at = told.querySelector("progress")?.value;
        // Refused: it is told. Signed out: the form says so.
        if (at === undefined) return told.firstChild || form.submit();
        failed = 0;
      } catch {
        if (++failed > tries) {
          told.textContent = form.dataset.cut;
          return;
        }
        await wait(500 * 2 ** failed);
      }
    }
    input.disabled = true;
    form.submit();
  };

  addEventListener("submit", (e) => {
    const form = e.target, input = form.querySelector("input[type=file]"), file = input?.files[0];
    if (!form.dataset.parts || !file || file.size <= size) return;
    e.preventDefault();
    if (form.dataset.sending) return;
    form.dataset.sending = true;
    send(form, input, file).finally(() => { delete form.dataset.sending; });
  });
}
