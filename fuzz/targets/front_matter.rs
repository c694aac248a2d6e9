#![no_main]

kohyo_fuzz::program!(front_matter);
