//! RSA by plain arithmetic, for what no TLS library makes any more: keys of 1024 bits, signatures
//! with SHA-1.
//!
//! Plain arithmetic on a private key leaks it through timing. That is of no concern here: the keys
//! are throwaway keys that say "simulated". Must not: be used for anything else.

use aws_lc_rs::{digest, rand};
use num_bigint::BigUint;

use super::{PkiError, der};

/// The public exponent everybody uses.
const EXPONENT: u32 = 65537;

/// Rounds of Miller-Rabin: a composite number passes with a chance below 4^-40.
const ROUNDS: usize = 40;

/// The digest of a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Digest {
    /// SHA-1.
    Sha1,
    /// SHA-256.
    Sha256,
}

impl Digest {
    fn of(self, message: &[u8]) -> Vec<u8> {
        let algorithm = match self {
            Self::Sha1 => &digest::SHA1_FOR_LEGACY_USE_ONLY,
            Self::Sha256 => &digest::SHA256,
        };
        digest::digest(algorithm, message).as_ref().to_vec()
    }

    /// What stands before the digest in a DigestInfo (RFC 8017 section 9.2, note 1).
    fn info(self) -> &'static [u8] {
        match self {
            Self::Sha1 => &[
                0x30, 0x21, 0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a, 0x05, 0x00, 0x04,
                0x14,
            ],
            Self::Sha256 => &[
                0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02,
                0x01, 0x05, 0x00, 0x04, 0x20,
            ],
        }
    }
}

/// A private key: modulus and private exponent.
#[derive(Clone)]
pub struct RsaKey {
    modulus: BigUint,
    private: BigUint,
}

impl std::fmt::Debug for RsaKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RsaKey")
            .field("bits", &self.modulus.bits())
            .finish_non_exhaustive()
    }
}

impl RsaKey {
    /// Reads PKCS#8 DER.
    ///
    /// # Errors
    /// When it is no RSA key in that form.
    pub fn from_pkcs8(pkcs8: &[u8]) -> Result<Self, PkiError> {
        let numbers = der::rsa_numbers(pkcs8)?;
        let number = |index: usize| {
            numbers
                .get(index)
                .map(|bytes| BigUint::from_bytes_be(bytes))
                .filter(|number| number.bits() > 0)
                .ok_or(PkiError::Shape("an RSA key with a part missing"))
        };
        Ok(Self {
            modulus: number(1)?,
            private: number(3)?,
        })
    }

    /// The length of the modulus, in bits.
    pub fn bits(&self) -> u64 {
        self.modulus.bits()
    }

    fn length(&self) -> usize {
        usize::try_from(self.bits().div_ceil(8)).unwrap_or(usize::MAX)
    }

    fn raw(&self, message: &[u8]) -> Vec<u8> {
        let signature = BigUint::from_bytes_be(message)
            .modpow(&self.private, &self.modulus)
            .to_bytes_be();
        let mut out = vec![0; self.length().saturating_sub(signature.len())];
        out.extend(signature);
        out
    }

    /// RSASSA-PKCS1-v1_5 (RFC 8017 section 8.2.1).
    ///
    /// # Errors
    /// When the key is too short for the digest.
    pub fn sign_pkcs1(&self, digest: Digest, message: &[u8]) -> Result<Vec<u8>, PkiError> {
        let hashed = digest.of(message);
        let fixed = digest.info().len() + hashed.len() + 3;
        let filling = self
            .length()
            .checked_sub(fixed)
            .filter(|&filling| filling >= 8)
            .ok_or(PkiError::Shape("an RSA key too short to sign with"))?;
        let mut encoded = vec![0, 1];
        encoded.resize(2 + filling, 0xff);
        encoded.push(0);
        encoded.extend_from_slice(digest.info());
        encoded.extend(hashed);
        Ok(self.raw(&encoded))
    }

    /// RSASSA-PSS with SHA-256 and a salt of 32 bytes (RFC 8017 sections 8.1.1 and 9.1.1; RFC 8446
    /// section 4.2.3).
    ///
    /// # Errors
    /// When the key is too short, or there is no randomness.
    pub fn sign_pss(&self, message: &[u8]) -> Result<Vec<u8>, PkiError> {
        const HASH: usize = 32;
        let bits = self.bits().saturating_sub(1);
        let length = usize::try_from(bits.div_ceil(8)).unwrap_or(usize::MAX);
        let zeros = length
            .checked_sub(2 * HASH + 2)
            .ok_or(PkiError::Shape("an RSA key too short to sign with"))?;
        let salt = random(HASH)?;
        let mut block = vec![0; 8];
        block.extend(Digest::Sha256.of(message));
        block.extend_from_slice(&salt);
        let hashed = Digest::Sha256.of(&block);
        let mut data = vec![0; zeros];
        data.push(1);
        data.extend(salt);
        // MGF1 (appendix B.2.1).
        let mut mask = Vec::new();
        let mut counter = 0_u32;
        while mask.len() < data.len() {
            let seed = [hashed.as_slice(), &counter.to_be_bytes()].concat();
            mask.extend(Digest::Sha256.of(&seed));
            counter += 1;
        }
        for (byte, mask) in data.iter_mut().zip(mask) {
            *byte ^= mask;
        }
        if let Some(first) = data.first_mut() {
            *first &= 0xff >> (8 * length as u64 - bits);
        }
        data.extend(hashed);
        data.push(0xbc);
        Ok(self.raw(&data))
    }

    /// A new key, as PKCS#8 DER.
    ///
    /// # Errors
    /// When there is no randomness.
    pub fn generate(bits: u64) -> Result<Vec<u8>, PkiError> {
        let exponent = BigUint::from(EXPONENT);
        let one = BigUint::from(1_u32);
        loop {
            let (p, q) = (prime(bits / 2)?, prime(bits / 2)?);
            let (p1, q1) = (&p - &one, &q - &one);
            let modulus = &p * &q;
            let Some(private) = exponent.modinv(&(&p1 * &q1)) else {
                continue;
            };
            let Some(inverse) = q.modinv(&p) else {
                continue;
            };
            if modulus.bits() != bits {
                continue;
            }
            let numbers = [
                BigUint::from(0_u32),
                modulus,
                exponent,
                private.clone(),
                p,
                q,
                &private % p1,
                &private % q1,
                inverse,
            ];
            let numbers: Vec<Vec<u8>> = numbers.iter().map(BigUint::to_bytes_be).collect();
            return Ok(der::rsa_pkcs8(&numbers));
        }
    }
}

fn random(length: usize) -> Result<Vec<u8>, PkiError> {
    let mut bytes = vec![0; length];
    rand::fill(&mut bytes).map_err(|_| PkiError::Shape("no randomness"))?;
    Ok(bytes)
}

/// A prime with its two highest bits set, so that the product of two has its full length.
fn prime(bits: u64) -> Result<BigUint, PkiError> {
    let length = usize::try_from(bits / 8).unwrap_or(0);
    loop {
        let mut bytes = random(length)?;
        if let [first, .., last] = bytes.as_mut_slice() {
            *first |= 0xc0;
            *last |= 1;
        }
        let candidate = BigUint::from_bytes_be(&bytes);
        if probably_prime(&candidate)? {
            return Ok(candidate);
        }
    }
}

/// Miller-Rabin with random bases, after a look at small divisors.
fn probably_prime(number: &BigUint) -> Result<bool, PkiError> {
    let zero = BigUint::from(0_u32);
    let one = BigUint::from(1_u32);
    for small in [3_u32, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53] {
        if number % small == zero {
            return Ok(false);
        }
    }
    let minus = number - &one;
    let twos = minus.trailing_zeros().unwrap_or(0);
    let odd = &minus >> twos;
    let length = usize::try_from(number.bits() / 8).unwrap_or(1);
    'bases: for _ in 0..ROUNDS {
        let base = BigUint::from_bytes_be(&random(length)?) % number;
        let mut power = base.modpow(&odd, number);
        if power <= one || power == minus {
            continue;
        }
        for _ in 1..twos {
            power = &power * &power % number;
            if power == minus {
                continue 'bases;
            }
        }
        return Ok(false);
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::signature;

    use super::*;

    #[test]
    fn signatures_hold_for_the_key() {
        // Of 2048 bits, so that the library can judge them.
        let pair = rcgen::KeyPair::generate_for(&rcgen::PKCS_RSA_SHA256).unwrap();
        let key = RsaKey::from_pkcs8(pair.serialized_der()).unwrap();
        let spki = rcgen::PublicKeyData::der_bytes(&pair);
        for (algorithm, signature) in [
            (
                &signature::RSA_PKCS1_2048_8192_SHA256,
                key.sign_pkcs1(Digest::Sha256, b"message").unwrap(),
            ),
            (
                &signature::RSA_PSS_2048_8192_SHA256,
                key.sign_pss(b"message").unwrap(),
            ),
        ] {
            let public = signature::UnparsedPublicKey::new(algorithm, spki);
            public.verify(b"message", &signature).unwrap();
            assert!(public.verify(b"other", &signature).is_err());
        }
    }

    #[test]
    fn small_keys_are_made_and_read_again() {
        let pkcs8 = RsaKey::generate(1024).unwrap();
        let key = RsaKey::from_pkcs8(&pkcs8).unwrap();
        assert_eq!(key.bits(), 1024);
        let signature = key.sign_pkcs1(Digest::Sha256, b"message").unwrap();
        let opened =
            BigUint::from_bytes_be(&signature).modpow(&BigUint::from(EXPONENT), &key.modulus);
        assert!(
            opened
                .to_bytes_be()
                .ends_with(&Digest::Sha256.of(b"message"))
        );
        assert_eq!(key.sign_pss(b"message").unwrap().len(), 128);
    }

    #[test]
    fn other_keys_are_refused() {
        let pair = rcgen::KeyPair::generate().unwrap();
        assert!(RsaKey::from_pkcs8(pair.serialized_der()).is_err());
        assert!(RsaKey::from_pkcs8(b"").is_err());
    }
}
