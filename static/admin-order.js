// A list in the admin that is dragged into order (adminsortable2): an order that was not saved is said,
// and the list is put back. The package's script only writes it to the console, so its fetch is watched.
(() => {
  "use strict";
  let saved;

  const body = () => document.querySelector("#result_list tbody");
  const look = () => {
    saved = [...body().rows].map((row) => [row, row.querySelector(".handle")?.getAttribute("order")]);
  };

  const putBack = (sentence) => {
    for (const [row, order] of saved) {
      body().append(row);
      if (order) row.querySelector(".handle").setAttribute("order", order);
    }
    let list = document.querySelector("ul.messagelist");
    if (!list) {
      list = document.createElement("ul");
      list.className = "messagelist";
      document.querySelector("#content").before(list);
    }
    const item = document.createElement("li");
    item.className = "error";
    item.setAttribute("role", "alert");
    item.textContent = sentence || document.querySelector("meta[name=order-not-saved]").content;
    list.replaceChildren(item);
    list.scrollIntoView({ block: "nearest" });
  };

  const send = window.fetch;
  window.fetch = async (...request) => {
    let answer;
    try {
      answer = await send(...request);
    } catch {
      answer = Response.error(); // no connection
    }
    if (answer.ok) look();
    else putBack(answer.status === 409 ? await answer.clone().text() : "");
    return answer;
  };

  window.addEventListener("load", () => { if (body()) look(); });
})();
