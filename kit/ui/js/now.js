// A timeline wider than the screen opens at today.
{
  const now = document.querySelector(".gantt .now"), box = now?.closest(".gantt");
  if (box) box.scrollLeft = now.getBoundingClientRect().x - innerWidth / 2;
}
