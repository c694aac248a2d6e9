#![no_main]

kohyo_fuzz::program!(settings);
