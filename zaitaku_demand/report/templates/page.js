(function () {
  "use strict";
  var table = document.getElementById("area-table");
  var tools = document.getElementById("area-tools");
  if (table && tools) {
    var rows = Array.prototype.slice.call(table.tBodies[0].rows);
    var word = document.getElementById("area-word");
    var prefecture = document.getElementById("area-prefecture");
    var group = document.getElementById("area-class");
    var count = document.getElementById("area-count");
    var update = function () {
      var asked = word.value.trim().toLowerCase();
      var shown = 0;
      rows.forEach(function (row) {
        var fits = (!asked || row.dataset.words.toLowerCase().indexOf(asked) >= 0) &&
          (!prefecture.value || row.dataset.prefecture === prefecture.value) &&
          (!group.value || row.dataset.group === group.value);
        row.hidden = !fits;
        if (fits) { shown += 1; }
      });
      count.textContent = shown;
    };
    [word, prefecture, group].forEach(function (field) { field.addEventListener("input", update); });
    tools.hidden = false;
    update();
  }
  var chooser = document.getElementById("prefecture-chooser");
  if (chooser) {
    var parts = Array.prototype.slice.call(document.querySelectorAll("details.prefecture"));
    chooser.addEventListener("input", function () {
      parts.forEach(function (part) {
        var chosen = part.id === chooser.value;
        part.open = chosen;
        if (chosen) { part.scrollIntoView(); }
      });
    });
    document.getElementById("prefecture-tools").hidden = false;
  }
})();
