//! Many calls at once: none lost, every body as it was. The bench of the same name measures.

use std::{
    io::{Read as _, Write as _},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use super::{app::App, connect, forward};
use crate::support::{Pki, descriptors};

const CALLS: usize = 400;
const AT_ONCE: usize = 16;

#[test]
fn many_calls_at_once_lose_nothing() {
    let _many = descriptors();
    let pki = Pki::new();
    let app = App::says(|came| {
        let mut answer = format!(
            "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n",
            came.body.len()
        )
        .into_bytes();
        answer.extend(came.body.iter().rev());
        answer
    });
    let mut listen = forward(&pki, &app.url(), &[]);
    let (left, pki) = (Arc::new(AtomicUsize::new(CALLS)), Arc::new(pki));
    let address = listen.address();
    let until = Instant::now() + Duration::from_secs(120);
    let workers: Vec<_> = (0..AT_ONCE)
        .map(|worker| {
            let (left, pki) = (left.clone(), pki.clone());
            thread::spawn(move || {
                let mut tls = connect(&pki, address, Some("valid"));
                let mut done = 0;
                while left
                    .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1))
                    .is_ok()
                {
                    assert!(Instant::now() < until, "too slow");
                    let length = 500 + (worker * 37 + done) % 3000;
                    let body: Vec<u8> = (0..length).map(|at| (at * worker % 256) as u8).collect();
                    let head = format!(
                        "POST /{worker} HTTP/1.1\r\nHost: a\r\nContent-Type: application/octet-stream\r\nContent-Length: {length}\r\n\r\n"
                    );
                    tls.write_all(head.as_bytes()).unwrap();
                    tls.write_all(&body).unwrap();
                    tls.flush().unwrap();
                    let mut answer = Vec::new();
                    let mut bytes = [0; 8192];
                    let whole = loop {
                        let read = tls.read(&mut bytes).unwrap();
                        assert!(read > 0, "closed after {answer:?}");
                        answer.extend_from_slice(&bytes[..read]);
                        let head = answer.windows(4).position(|here| here == b"\r\n\r\n");
                        if let Some(head) = head.filter(|head| answer.len() >= head + 4 + length) {
                            break head + 4;
                        }
                    };
                    assert!(answer.starts_with(b"HTTP/1.1 200"));
                    assert!(answer[whole..].iter().eq(body.iter().rev()));
                    done += 1;
                }
                done
            })
        })
        .collect();
    let done: usize = workers.into_iter().map(|one| one.join().unwrap()).sum();
    assert_eq!(done, CALLS);
    let mut kept = 0;
    for _ in 0..AT_ONCE {
        let seen = listen.next();
        kept += 1 + seen["further_http"].as_array().unwrap().len();
        kept += usize::try_from(seen["http_not_kept"].as_u64().unwrap_or_default()).unwrap();
    }
    assert_eq!(kept, CALLS);
    listen.finish();
}
