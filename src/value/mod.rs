//! What a record is made of, as plain values: days, figures, telephone numbers, editions, booklets, pictures.

pub mod booklet;
pub mod calendar;
pub mod choice;
pub mod edition;
pub mod figure;
pub mod picture;
pub mod telephone;
pub mod zone;
