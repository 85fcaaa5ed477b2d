// A form is sent once: its buttons rest until the page is shown again, or for twenty seconds.
// They are disabled after the event, so that the pressed one still sends its name and value.
{
  const free = () => { for (const b of document.querySelectorAll("button[data-sent]")) b.disabled = false; };
  addEventListener("submit", (e) => {
    if (e.target.method !== "post") return;
    setTimeout(() => {
      if (!e.defaultPrevented) for (const b of e.target.querySelectorAll("button:not([disabled])")) b.disabled = b.dataset.sent = true;
    });
    setTimeout(free, 20e3);
  });
  addEventListener("pageshow", free);
}
