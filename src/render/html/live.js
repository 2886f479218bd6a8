"use strict";
const calls = document.getElementById("calls"), state = document.getElementById("state");
const filter = document.getElementById("filter"), lag = document.getElementById("lag");
const fits = (row) => { row.hidden = !row.textContent.toLowerCase().includes(filter.value.trim().toLowerCase()); };
filter.addEventListener("input", () => { for (const row of calls.rows) fits(row); });
if (calls.dataset.live) {
  const source = new EventSource("/events?after=" + calls.dataset.after);
  source.addEventListener("call", (event) => {
    const holder = document.createElement("template");
    holder.innerHTML = event.data;
    const row = holder.content.firstElementChild;
    document.getElementById(row.id)?.remove();
    document.getElementById("none")?.remove();
    fits(row);
    calls.prepend(row);
    while (calls.rows.length > Number(calls.dataset.keep)) calls.lastElementChild.remove();
  });
  source.addEventListener("state", (event) => { state.innerHTML = event.data; });
  source.addEventListener("lag", (event) => { lag.textContent = event.data; });
  source.addEventListener("error", () => {
    const lost = document.createElement("span");
    lost.className = "lost";
    lost.textContent = "the connection to mtls is lost: what is below may be old";
    state.replaceChildren(lost);
  });
}
