//! Who has a place among the connections open at once, and who gives way when all are taken.
//!
//! For: `listen`. Silence is free, so it must not keep out who speaks: a connection that has not
//! sent a byte gives way to a new one, the longest silent first and of the address that has most of
//! them. (Not the newest: under a flood that is the good client, whose hello is still on its way.)
//! An address may have more than half of the places only while no other wants one. Must not: close
//! anything itself; a connection is told to leave, and its record says why.

use std::{
    collections::{BTreeMap, HashMap},
    net::{IpAddr, Ipv6Addr},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU8, Ordering},
    },
};

use tokio::sync::Notify;

/// How far a connection has come, as far as that matters here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Reached {
    /// Not a byte has come.
    Nothing,
    /// Something has.
    Bytes,
    /// The handshake is over.
    Handshake,
}

/// One connection's place.
#[derive(Debug)]
pub(super) struct Place {
    network: IpAddr,
    reached: AtomicU8,
    /// How far it had come when it was told to leave.
    left_at: AtomicU8,
    leave: Notify,
}

impl Place {
    fn new(address: IpAddr) -> Arc<Self> {
        Arc::new(Self {
            network: network(address),
            reached: AtomicU8::new(Reached::Nothing as u8),
            left_at: AtomicU8::new(Reached::Nothing as u8),
            leave: Notify::new(),
        })
    }

    /// A byte has come.
    pub(super) fn spoke(&self) {
        self.reached
            .fetch_max(Reached::Bytes as u8, Ordering::Relaxed);
    }

    /// The handshake is over.
    pub(super) fn shook_hands(&self) {
        self.reached
            .fetch_max(Reached::Handshake as u8, Ordering::Relaxed);
    }

    /// Resolves when this connection is to give way.
    pub(super) async fn told_to_leave(&self) {
        self.leave.notified().await;
    }

    /// Why it had to.
    pub(super) fn why(&self, most: usize) -> String {
        let why = if self.left_at.load(Ordering::Relaxed) == Reached::Nothing as u8 {
            "this one had sent nothing and gave way to a new one"
        } else {
            "this one had not finished its handshake and gave way to another address, since its own had more than half of them"
        };
        format!("{most} connections are open, the most that are kept; {why}")
    }

    fn has(&self, reached: Reached) -> bool {
        self.reached.load(Ordering::Relaxed) == reached as u8
    }
}

/// All places of a listener.
#[derive(Debug)]
pub(super) struct Places {
    most: usize,
    taken: Mutex<BTreeMap<u64, Arc<Place>>>,
}

impl Places {
    pub(super) fn new(most: usize) -> Arc<Self> {
        Arc::new(Self {
            most,
            taken: Mutex::default(),
        })
    }

    /// A place for connection `number`, which another may have to leave; `None` when nobody has to.
    pub(super) fn take(self: &Arc<Self>, number: u64, address: IpAddr) -> Option<Taken> {
        let place = Place::new(address);
        let mut taken = self.lock();
        if taken.len() >= self.most {
            let (leaving, reached) = leaves(&taken, self.most, place.network)?;
            if let Some(left) = taken.remove(&leaving) {
                left.left_at.store(reached as u8, Ordering::Relaxed);
                left.leave.notify_one();
            }
        }
        taken.insert(number, place.clone());
        drop(taken);
        Some(Taken {
            places: self.clone(),
            number,
            place,
        })
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<u64, Arc<Place>>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Who gives way to a connection from `network`, and how far he has come.
fn leaves(
    taken: &BTreeMap<u64, Arc<Place>>,
    most: usize,
    network: IpAddr,
) -> Option<(u64, Reached)> {
    let count = |wanted: &dyn Fn(&Place) -> bool| {
        let mut counts: HashMap<IpAddr, usize> = HashMap::new();
        for place in taken.values().filter(|place| wanted(place)) {
            *counts.entry(place.network).or_default() += 1;
        }
        counts
    };
    // Numbers rise with time: the first is the oldest.
    let oldest = |network: IpAddr, reached: Reached| {
        taken
            .iter()
            .find(|(_, place)| place.network == network && place.has(reached))
            .map(|(number, _)| (*number, reached))
    };
    let silent = count(&|place| place.has(Reached::Nothing));
    if let Some((&network, _)) = silent.iter().max_by_key(|(_, count)| **count) {
        return oldest(network, Reached::Nothing);
    }
    let all = count(&|_| true);
    let (&crowded, _) = all.iter().find(|(_, count)| **count > most / 2)?;
    if crowded == network {
        return None;
    }
    oldest(crowded, Reached::Bytes)
}

/// An address as far as it tells one peer from another: whoever has one IPv6 address has 2^64 of
/// them (RFC 6177).
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let prefix = address.to_bits() >> 64 << 64;
            IpAddr::V6(Ipv6Addr::from_bits(prefix))
        }
        address => address,
    }
}

/// A place that is free again when this is dropped.
#[derive(Debug)]
pub(super) struct Taken {
    places: Arc<Places>,
    number: u64,
    /// The place itself, for the connection to say how far it has come.
    pub(super) place: Arc<Place>,
}

impl Drop for Taken {
    fn drop(&mut self) {
        self.places.lock().remove(&self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "192.0.2.1";
    const OTHER: &str = "198.51.100.1";

    fn take(places: &Arc<Places>, number: u64, address: &str) -> Option<Taken> {
        places.take(number, address.parse().unwrap())
    }

    fn left(places: &Places) -> Vec<u64> {
        places.lock().keys().copied().collect()
    }

    #[test]
    fn the_longest_silent_gives_way_and_who_speaks_stays() {
        let places = Places::new(3);
        let kept: Vec<_> = (1..=3).map(|n| take(&places, n, ONE).unwrap()).collect();
        kept[0].place.spoke();
        let _new = take(&places, 4, ONE).unwrap();
        assert_eq!(left(&places), [1, 3, 4]);
    }

    #[test]
    fn the_address_with_most_silent_ones_gives_way() {
        let places = Places::new(3);
        let _lone = take(&places, 1, OTHER).unwrap();
        let _many: Vec<_> = (2..=3).map(|n| take(&places, n, ONE).unwrap()).collect();
        let _new = take(&places, 4, ONE).unwrap();
        assert_eq!(left(&places), [1, 3, 4]);
    }

    #[test]
    fn nobody_who_speaks_gives_way_to_his_own_address() {
        let places = Places::new(2);
        let kept: Vec<_> = (1..=2).map(|n| take(&places, n, ONE).unwrap()).collect();
        kept.iter().for_each(|taken| taken.place.spoke());
        assert!(take(&places, 3, ONE).is_none());
        assert_eq!(left(&places), [1, 2]);
    }

    #[test]
    fn an_address_has_more_than_half_only_while_no_other_wants_a_place() {
        let places = Places::new(4);
        let kept: Vec<_> = (1..=4).map(|n| take(&places, n, ONE).unwrap()).collect();
        kept.iter().for_each(|taken| taken.place.spoke());
        kept[0].place.shook_hands();
        let _second = take(&places, 5, OTHER).unwrap();
        assert_eq!(left(&places), [1, 3, 4, 5], "a finished handshake stays");
        kept[2].place.shook_hands();
        let third = take(&places, 6, OTHER).unwrap();
        third.place.spoke();
        assert_eq!(left(&places), [1, 3, 4, 6], "the silent one was its own");
        kept[3].place.shook_hands();
        assert!(take(&places, 7, OTHER).is_none());
    }

    #[test]
    fn a_place_is_free_again_once_its_connection_is_over() {
        let places = Places::new(1);
        let first = take(&places, 1, ONE).unwrap();
        first.place.spoke();
        assert!(take(&places, 2, ONE).is_none());
        drop(first);
        assert!(take(&places, 3, ONE).is_some());
    }

    #[test]
    fn addresses_of_one_ipv6_network_are_one() {
        let same = |one: &str, other: &str| {
            network(one.parse().unwrap()) == network(other.parse().unwrap())
        };
        assert!(same("2001:db8::1", "2001:db8::ffff:1"));
        assert!(!same("2001:db8::1", "2001:db8:0:1::1"));
        assert!(same("::ffff:192.0.2.1", ONE));
        assert!(!same(ONE, OTHER));
    }
}
