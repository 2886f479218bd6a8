//! A web server that answers as a test wants, a path at a time, and remembers what it was asked.

use std::{
    collections::HashMap,
    io::{self, Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

/// A request's body to the answer's.
pub(crate) type Make = dyn Fn(&[u8]) -> Vec<u8> + Send + Sync;

/// How a path answers.
#[derive(Clone)]
pub(crate) enum Reply {
    /// Status 200 and these bytes.
    Bytes(Vec<u8>),
    /// What is made of the request's body.
    Made(Arc<Make>),
    /// This status line.
    Status(&'static str),
    /// Leads there.
    Moved(String),
    /// A body without an end.
    Endless,
    /// Accepts, reads, says nothing.
    Silent,
    /// A byte now and then.
    Drips,
    /// Half of what it announces.
    CutOff,
}

/// The server; it goes with the test's process.
pub(crate) struct Web {
    address: SocketAddr,
    replies: Arc<Mutex<HashMap<String, Reply>>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Web {
    pub(crate) fn new() -> Self {
        let socket = TcpListener::bind("127.0.0.1:0").unwrap();
        let web = Self {
            address: socket.local_addr().unwrap(),
            replies: Arc::default(),
            asked: Arc::default(),
        };
        let (replies, asked) = (web.replies.clone(), web.asked.clone());
        thread::spawn(move || {
            for stream in socket.incoming().map_while(Result::ok) {
                let (replies, asked) = (replies.clone(), asked.clone());
                thread::spawn(move || serve(stream, &replies, &asked));
            }
        });
        web
    }

    /// The URL of a path (`/a`).
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// This path answers so from now on.
    pub(crate) fn set(&self, path: &str, reply: Reply) {
        let mut replies = self.replies.lock().unwrap();
        replies.insert(path.to_owned(), reply);
    }

    /// The same with these bytes.
    pub(crate) fn bytes(&self, path: &str, bytes: impl Into<Vec<u8>>) {
        self.set(path, Reply::Bytes(bytes.into()));
    }

    /// The requests so far, as `GET /a`.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

fn serve(
    mut stream: TcpStream,
    replies: &Mutex<HashMap<String, Reply>>,
    asked: &Mutex<Vec<String>>,
) -> io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(20)))?;
    let (head, body) = request(&mut stream)?;
    let mut words = head.split(' ');
    let (method, path) = (words.next(), words.next());
    let (method, path) = (method.unwrap_or_default(), path.unwrap_or_default());
    asked.lock().unwrap().push(format!("{method} {path}"));
    let reply = replies.lock().unwrap().get(path).cloned();
    let ok = |length: usize| {
        format!("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n")
    };
    let close = "Connection: close\r\nContent-Length: 0\r\n";
    match reply {
        None => write!(stream, "HTTP/1.1 404 Not Found\r\n{close}\r\n"),
        Some(Reply::Status(status)) => write!(stream, "HTTP/1.1 {status}\r\n{close}\r\n"),
        Some(Reply::Moved(to)) => write!(
            stream,
            "HTTP/1.1 302 Found\r\nLocation: {to}\r\n{close}\r\n"
        ),
        Some(Reply::Bytes(bytes)) => {
            stream.write_all(ok(bytes.len()).as_bytes())?;
            stream.write_all(&bytes)
        }
        Some(Reply::Made(make)) => {
            let bytes = make(&body);
            stream.write_all(ok(bytes.len()).as_bytes())?;
            stream.write_all(&bytes)
        }
        Some(Reply::Endless) => {
            stream.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")?;
            loop {
                stream.write_all(&[0x30; 16 * 1024])?;
            }
        }
        Some(Reply::Silent) => {
            thread::sleep(Duration::from_secs(20));
            Ok(())
        }
        Some(Reply::Drips) => {
            stream.write_all(ok(100).as_bytes())?;
            for _ in 0..100 {
                stream.write_all(&[0x30])?;
                thread::sleep(Duration::from_millis(300));
            }
            Ok(())
        }
        Some(Reply::CutOff) => {
            stream.write_all(ok(1000).as_bytes())?;
            stream.write_all(&[0x30; 500])
        }
    }
}

/// The head as text, and the body.
fn request(stream: &mut TcpStream) -> io::Result<(String, Vec<u8>)> {
    let mut bytes = Vec::new();
    let mut piece = [0; 4096];
    loop {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n");
        if let Some(end) = end {
            let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
            let length = head
                .lines()
                .filter_map(|line| line.split_once(": "))
                .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
                .and_then(|(_, length)| length.parse().ok())
                .unwrap_or(0);
            if bytes.len() - end - 4 >= length {
                return Ok((head, bytes[end + 4..].to_vec()));
            }
        }
        match stream.read(&mut piece)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            read => bytes.extend_from_slice(&piece[..read]),
        }
    }
}
