#![no_main]

kohyo_fuzz::program!(theme);
