//! What the page shows: the last connections, and who is told of a new one.
//!
//! For: `cli`, which puts connections in, and `events`, which tells browsers. Must not: wait for a
//! browser, or grow: the oldest connection goes when there are too many.

use std::{
    collections::VecDeque,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::watch;

/// A connection, drawn when somebody looks.
pub trait Seen: Send + Sync {
    /// Its row in the list, HTML.
    fn row(&self, entry: &Entry) -> String;
    /// What it says, for the filter; lower case.
    fn text(&self) -> String;
    /// Its whole page, HTML.
    fn detail(&self) -> String;
    /// Sends this request of it again, counted from 0; `None` where it cannot be.
    fn again(&self, request: usize) -> Option<Sending>;
}

/// A request on its way; its page then says what came of it.
pub type Sending = Pin<Box<dyn Future<Output = ()> + Send>>;

/// How the page looks.
pub trait Look: Send + Sync {
    /// The whole page of a list.
    fn list(&self, rows: &[String], list: &List<'_>) -> String;
    /// The whole page of one connection.
    fn case(&self, entry: &Entry) -> String;
    /// The state in a line, HTML: open and total connections, the application's health.
    fn state(&self) -> String;
    /// The page's scripts, each a CSP source: `'sha256-…'`.
    fn script_source(&self) -> String;
}

/// A page of the list.
#[derive(Clone, Copy, Debug)]
pub struct List<'a> {
    /// The state in a line, HTML.
    pub state: &'a str,
    /// The last connection that the page shows.
    pub after: u64,
    /// Connections that are kept.
    pub keep: usize,
    /// The filter.
    pub filter: &'a str,
    /// Which page of the list, from 1.
    pub page: usize,
    /// How many pages there are.
    pub pages: usize,
}

/// A connection in the list.
#[derive(Clone)]
pub struct Entry {
    /// The number of its last news.
    pub news: u64,
    /// Its own number.
    pub number: u64,
    /// What was seen.
    pub seen: Arc<dyn Seen>,
}

/// The last connections.
pub struct Hub {
    keep: usize,
    look: Arc<dyn Look>,
    entries: Mutex<VecDeque<Entry>>,
    news: watch::Sender<u64>,
}

impl Hub {
    /// One that keeps so many.
    pub fn new(keep: usize, look: Arc<dyn Look>) -> Self {
        Self {
            keep: keep.max(1),
            look,
            entries: Mutex::default(),
            news: watch::Sender::new(0),
        }
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Entry>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a connection in, in place of what was known of it before.
    pub fn put(&self, number: u64, seen: Arc<dyn Seen>) {
        let news = *self.news.borrow() + 1;
        {
            let mut entries = self.lock();
            let known = entries.iter().rposition(|entry| entry.number == number);
            if let Some(known) = known {
                entries.remove(known);
            }
            while entries.len() >= self.keep {
                entries.pop_front();
            }
            entries.push_back(Entry { news, number, seen });
        }
        self.news.send_replace(news);
    }

    pub(super) fn look(&self) -> &dyn Look {
        &*self.look
    }

    pub(super) fn keep(&self) -> usize {
        self.keep
    }

    /// Tells when there is something new.
    pub(super) fn follow(&self) -> watch::Receiver<u64> {
        self.news.subscribe()
    }

    /// The number of the last news.
    pub(super) fn last(&self) -> u64 {
        *self.news.borrow()
    }

    /// What came after these news: the newest `most`, the oldest of them first, and how many more
    /// there were, those that are kept no longer among them.
    pub(super) fn after(&self, news: u64, most: usize) -> (Vec<Entry>, u64) {
        let last = self.last();
        let entries = self.lock();
        let mut found: Vec<Entry> = entries
            .iter()
            .rev()
            .take_while(|entry| entry.news > news)
            .take(most)
            .cloned()
            .collect();
        drop(entries);
        found.reverse();
        let more = match found.first() {
            Some(first) => first.news.saturating_sub(news + 1),
            None => last.saturating_sub(news),
        };
        (found, more)
    }

    /// Those that are kept, the newest first.
    pub(super) fn all(&self) -> Vec<Entry> {
        self.lock().iter().rev().cloned().collect()
    }

    pub(super) fn find(&self, number: u64) -> Option<Entry> {
        let entries = self.lock();
        entries.iter().find(|entry| entry.number == number).cloned()
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(crate) struct Plain;

    impl Seen for Plain {
        fn row(&self, entry: &Entry) -> String {
            format!("<tr id=\"call-{}\"></tr>", entry.number)
        }

        fn text(&self) -> String {
            String::new()
        }

        fn detail(&self) -> String {
            String::new()
        }

        fn again(&self, _: usize) -> Option<Sending> {
            None
        }
    }

    impl Look for Plain {
        fn list(&self, rows: &[String], _: &List<'_>) -> String {
            rows.concat()
        }

        fn case(&self, _: &Entry) -> String {
            String::new()
        }

        fn state(&self) -> String {
            String::new()
        }

        fn script_source(&self) -> String {
            "'none'".to_owned()
        }
    }

    #[test]
    fn the_oldest_goes_and_what_was_missed_is_counted() {
        let hub = Hub::new(3, Arc::new(Plain));
        for number in 1..=5 {
            hub.put(number, Arc::new(Plain));
        }
        let numbers = |entries: Vec<Entry>| -> Vec<u64> {
            entries.iter().map(|entry| entry.number).collect()
        };
        assert_eq!(numbers(hub.all()), [5, 4, 3]);
        let (entries, more) = hub.after(0, 10);
        assert_eq!((numbers(entries), more), (vec![3, 4, 5], 2));
        let (entries, more) = hub.after(3, 1);
        assert_eq!((numbers(entries), more), (vec![5], 1));
        let (entries, more) = hub.after(5, 10);
        assert_eq!((numbers(entries), more), (vec![], 0));
        // News of a connection that is known take its place.
        hub.put(4, Arc::new(Plain));
        assert_eq!(numbers(hub.all()), [4, 5, 3]);
        assert!(hub.find(1).is_none() && hub.find(5).is_some());
    }
}
