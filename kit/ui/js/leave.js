// A page that the browser kept whole, for the button that goes back, is not shown again once its
// reader has signed out or somebody else has signed in: the mark of who reads is gone by then.
{
  const { me } = document.body.dataset;
  const mark = (change) => { try { return change(localStorage); } catch { return null; } };
  if (me) mark((store) => store.setItem("reader", me));
  addEventListener("submit", (e) => { if ("forget" in e.target.dataset) mark((store) => store.removeItem("reader")); });
  addEventListener("pageshow", (e) => {
    if (!me || !e.persisted || mark((store) => store.getItem("reader")) === me) return;
    document.body.replaceChildren();
    location.reload();
  });
}
