own before;
{{words.js}}
own after;
