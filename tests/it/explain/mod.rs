//! `mtls explain`: the dictionary against what real stacks printed, against the libraries' own
//! lists, and the command as its user sees it.

mod atlas;
mod command;
mod counts;
mod evidence;
pub(crate) mod live;
mod logs;
mod measured;
mod pages;
mod variants;
mod wild;
