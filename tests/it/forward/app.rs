//! An application to pass requests on to, of which the test writes every byte.

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex, mpsc},
    thread,
    time::Duration,
};

/// A request as it came.
#[derive(Clone, Debug, Default)]
pub(crate) struct Came {
    pub(crate) line: String,
    pub(crate) fields: Vec<(String, String)>,
    /// The body, its chunks put together.
    pub(crate) body: Vec<u8>,
    /// What followed the last chunk.
    pub(crate) trailers: Vec<(String, String)>,
}

impl Came {
    /// The value of a field; `None` where it did not come.
    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        let mut found = self.fields.iter().filter(|(one, _)| one == name);
        let value = found.next().map(|(_, value)| value.as_str());
        assert!(found.next().is_none(), "{name} came twice: {self:?}");
        value
    }
}

type Answer = dyn Fn(&Came, &mut TcpStream) -> bool + Send + Sync;

/// A running application; it ends with the test's process.
pub(crate) struct App {
    pub(crate) address: SocketAddr,
    seen: Arc<Mutex<mpsc::Receiver<Came>>>,
}

impl App {
    /// One that writes what `answer` says, byte for byte.
    pub(crate) fn says(answer: impl Fn(&Came) -> Vec<u8> + Send + Sync + 'static) -> Self {
        Self::does(move |came, stream| stream.write_all(&answer(came)).is_ok())
    }

    /// One that does what it likes with the connection; `false` closes it.
    pub(crate) fn does(
        answer: impl Fn(&Came, &mut TcpStream) -> bool + Send + Sync + 'static,
    ) -> Self {
        let socket = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = socket.local_addr().unwrap();
        let (sender, seen) = mpsc::channel();
        let answer: Arc<Answer> = Arc::new(answer);
        thread::spawn(move || {
            for stream in socket.incoming().map_while(Result::ok) {
                let (sender, answer) = (sender.clone(), answer.clone());
                thread::spawn(move || serve(stream, &sender, &*answer));
            }
        });
        Self {
            address,
            seen: Arc::new(Mutex::new(seen)),
        }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The next request that came.
    #[track_caller]
    pub(crate) fn next(&self) -> Came {
        let seen = self.seen.lock().unwrap();
        seen.recv_timeout(Duration::from_secs(30)).unwrap()
    }
}

fn serve(mut stream: TcpStream, seen: &mpsc::Sender<Came>, answer: &Answer) {
    let mut buffer = Vec::new();
    while let Some(came) = read(&mut stream, &mut buffer) {
        let _ = seen.send(came.clone());
        if !answer(&came, &mut stream) {
            return;
        }
    }
}

/// Bytes up to and with this mark, more being read as needed.
fn until(stream: &mut TcpStream, buffer: &mut Vec<u8>, mark: &[u8]) -> Option<Vec<u8>> {
    loop {
        if let Some(at) = buffer.windows(mark.len()).position(|here| here == mark) {
            return Some(buffer.drain(..at + mark.len()).collect());
        }
        more(stream, buffer)?;
    }
}

fn more(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<()> {
    let mut bytes = [0; 65536];
    let read = stream.read(&mut bytes).ok().filter(|&read| read > 0)?;
    buffer.extend_from_slice(&bytes[..read]);
    Some(())
}

fn exactly(stream: &mut TcpStream, buffer: &mut Vec<u8>, length: usize) -> Option<Vec<u8>> {
    while buffer.len() < length {
        more(stream, buffer)?;
    }
    Some(buffer.drain(..length).collect())
}

fn fields(text: &str) -> Vec<(String, String)> {
    let lines = text.split("\r\n").filter_map(|line| line.split_once(':'));
    lines
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect()
}

fn read(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<Came> {
    let head = String::from_utf8_lossy(&until(stream, buffer, b"\r\n\r\n")?).into_owned();
    let (line, rest) = head.split_once("\r\n")?;
    let mut came = Came {
        line: line.to_owned(),
        fields: fields(rest),
        ..Came::default()
    };
    if came.field("transfer-encoding").is_some() {
        loop {
            let size = until(stream, buffer, b"\r\n")?;
            let size = String::from_utf8_lossy(&size).trim().to_owned();
            match usize::from_str_radix(&size, 16).ok()? {
                0 => break,
                size => {
                    came.body.extend(exactly(stream, buffer, size)?);
                    exactly(stream, buffer, 2)?;
                }
            }
        }
        // Trailers, up to an empty line.
        loop {
            let line = until(stream, buffer, b"\r\n")?;
            let line = String::from_utf8_lossy(&line).into_owned();
            if line == "\r\n" {
                break;
            }
            came.trailers.extend(fields(&line));
        }
    } else if let Some(length) = came.field("content-length") {
        let length = length.parse().ok()?;
        came.body = exactly(stream, buffer, length)?;
    }
    Some(came)
}
