// Rows that can be dragged: a variable in the tree, a category in its list. Dropped on another, they stand
// before it; dropped below the last, at the end.

const rowOf = (element) => element.closest?.(".cat") ?? element.closest?.(".tree__row[draggable]");
const listOf = (row) => row?.closest("[data-drop]")?.dataset.drop;

export function dragging(columns, move) {
  let dragged = null;
  const clear = () => {
    for (const one of columns.querySelectorAll(".is-target, .is-dragged")) one.classList.remove("is-target", "is-dragged");
  };
  columns.addEventListener("dragstart", (event) => {
    dragged = rowOf(event.target);
    if (!dragged) return;
    dragged.classList.add("is-dragged");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.dataset.item);
  });
  columns.addEventListener("dragover", (event) => {
    const over = rowOf(event.target);
    if (!dragged || !over || listOf(over) !== listOf(dragged)) return;
    event.preventDefault();
    for (const one of columns.querySelectorAll(".is-target")) one.classList.remove("is-target");
    over.classList.add("is-target");
  });
  columns.addEventListener("drop", (event) => {
    const over = rowOf(event.target);
    if (!dragged || !over || over === dragged || listOf(over) !== listOf(dragged)) return;
    event.preventDefault();
    const { bottom, height } = over.getBoundingClientRect();
    const isBelow = event.clientY > bottom - height / 3;
    const following = over.closest("li").nextElementSibling;
    const next = following && (following.dataset.item ?? following.querySelector("[data-item]")?.dataset.item);
    move(dragged.dataset.item, isBelow ? (next ?? null) : over.dataset.item);
  });
  columns.addEventListener("dragend", () => {
    clear();
    dragged = null;
  });
}
