#![no_main]

kohyo_fuzz::program!(markdown);
