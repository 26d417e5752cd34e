"use strict";
const stage = document.getElementById("stage");
const slides = [...stage.querySelectorAll(".slide")];
const help = document.getElementById("help");
let now = 0; // the place of the slide that is shown
let typed = ""; // digits, until Enter
