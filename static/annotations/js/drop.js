// A place to drop files on: without this script it is a plain file field.

for (const form of document.querySelectorAll("[data-drop]")) {
  const area = form.querySelector(".drop");
  const input = area.querySelector("input[type=file]");
  const names = form.querySelector("[data-drop-names]");

  const show = () => {
    names.textContent = [...input.files].map((file) => file.name).join(", ");
  };
  input.addEventListener("change", show);
  for (const name of ["dragenter", "dragover"]) {
    area.addEventListener(name, (event) => {
      event.preventDefault();
      area.classList.add("is-over");
    });
  }
  area.addEventListener("dragleave", () => area.classList.remove("is-over"));
  area.addEventListener("drop", (event) => {
    event.preventDefault();
    area.classList.remove("is-over");
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    show();
  });
}
