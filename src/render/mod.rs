//! Reports to text. Pure functions and sinks; nothing here judges.

pub mod page;
