//! No PASS without proof: what was asked and could not be answered is no success, whichever way the
//! files are given.

mod answers;
mod asked;
mod cases;
mod diff;
mod diff_faults;
