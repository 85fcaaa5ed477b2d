// What is typed in a form with data-draft stays in this browser until the server says that it
// took it (data-done), the person erases it or signs out, somebody else signs in, or a week
// has passed. Secrets and files are never kept, nor what was being typed when one left.
{
  const prefix = "draft:", { me } = document.body.dataset;
  const store = (() => { try { return localStorage; } catch { return null; } })();
  const keys = () => Object.keys(store).filter((k) => k.startsWith(prefix));
  const load = (key) => { try { return JSON.parse(store.getItem(key)); } catch { return null; } };
  let left;
  const save = (key, value) => { try { left || store.setItem(key, JSON.stringify(value)); } catch { /* full */ } };
  const fields = (form) => [...form.elements].filter((f) => f.name && !/hidden|password|file|submit|button/.test(f.type));
  const ticked = (f) => /radio|checkbox/.test(f.type);
  const read = (form) => fields(form).map((f) => [f.name, f.value, ticked(f) ? f.checked : !!f.value]);
  const said = (all) => JSON.stringify(all.filter((v) => v[2]));

  // By name, each in its order: the page may have more or fewer of them than when this was typed.
  const write = (form, all) => fields(form).forEach((f) => {
    const i = all.findIndex(([n, v]) => n === f.name && (!ticked(f) || v === f.value));
    if (i >= 0) [[, f.value, f.checked]] = all.splice(i, 1);
  });

  const announce = (form, key) => {
    const [box, words, erase] = ["div", "p", "button"].map((tag) => document.createElement(tag));
    box.className = "note warn draft";
    box.setAttribute("role", "status");
    words.textContent = form.dataset.restored;
    erase.type = "button";
    erase.className = "btn alt s";
    erase.textContent = form.dataset.erase;
    erase.onclick = () => { store.removeItem(key); form.reset(); box.remove(); };
    box.append(words, erase);
    form.prepend(box);
  };

  const follow = (form) => {
    const key = prefix + form.dataset.draft, draft = load(key);
    let timer;
    const keep = (sent) => { clearTimeout(timer); save(key, { me, at: Date.now(), sent, values: read(form) }); };
    if (draft && form.querySelector(".errors")) keep(false);
    else if (draft && said(draft.values) !== said(read(form))) {
      write(form, draft.values);
      announce(form, key);
    }
    form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(keep, 400, false); });
    form.addEventListener("submit", () => keep(true));
  };

  if (store) {
    const done = document.querySelector("[data-done]");
    for (const key of keys()) {
      const d = load(key);
      if (!d || (done && d.sent) || Date.now() - d.at > 7 * 24 * 3600e3 || (me && d.me !== me)) store.removeItem(key);
    }
    document.querySelectorAll("form[data-draft]").forEach(follow);
    addEventListener("submit", (e) => { if (left = "forget" in e.target.dataset) keys().forEach((k) => store.removeItem(k)); });
  }
}
