//! Test tokens, signed with a test key.

use aws_lc_rs::{
    encoding::AsDer,
    rand::SystemRandom,
    rsa::KeySize,
    signature::{KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

/// Why a token could not be made.
#[derive(Debug, thiserror::Error)]
pub enum MintError {
    /// The key is none that can sign RS256.
    #[error("expected an RSA key of 2048 bits or more in PKCS#8: {0}")]
    Key(String),
    /// The crypto library refused.
    #[error("the crypto library could not {0}")]
    Crypto(&'static str),
}

/// A key to sign test tokens with.
pub struct SigningKey {
    pair: RsaKeyPair,
    key_id: String,
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SigningKey")
            .field("key_id", &self.key_id)
            .finish_non_exhaustive()
    }
}

impl SigningKey {
    /// A new key of 2048 bits.
    pub fn generate() -> Result<Self, MintError> {
        let pair =
            RsaKeyPair::generate(KeySize::Rsa2048).map_err(|_| MintError::Crypto("make a key"))?;
        Ok(Self::named(pair))
    }

    /// A key from PKCS#8 DER.
    pub fn from_pkcs8(der: &[u8]) -> Result<Self, MintError> {
        let pair =
            RsaKeyPair::from_pkcs8(der).map_err(|error| MintError::Key(error.to_string()))?;
        Ok(Self::named(pair))
    }

    fn named(pair: RsaKeyPair) -> Self {
        let digest = aws_lc_rs::digest::digest(
            &aws_lc_rs::digest::SHA256,
            pair.public_key()
                .modulus()
                .big_endian_without_leading_zero(),
        );
        let short: String = digest
            .as_ref()
            .iter()
            .take(8)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        Self {
            pair,
            key_id: format!("simulated-{short}"),
        }
    }

    /// The private key, PKCS#8 DER. A secret.
    pub fn pkcs8(&self) -> Result<Vec<u8>, MintError> {
        let der = AsDer::<aws_lc_rs::encoding::Pkcs8V1Der<'_>>::as_der(&self.pair)
            .map_err(|_| MintError::Crypto("write the key"))?;
        Ok(der.as_ref().to_vec())
    }

    /// The JSON Web Key Set with its public half (RFC 7517).
    pub fn key_set(&self) -> Value {
        let public = self.pair.public_key();
        let part = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        json!({"keys": [{
            "kty": "RSA",
            "use": "sig",
            "alg": "RS256",
            "kid": self.key_id,
            "n": part(public.modulus().big_endian_without_leading_zero()),
            "e": part(public.exponent().big_endian_without_leading_zero()),
        }]})
    }
}

/// A token with these claims, signed with RS256.
pub fn mint(claims: &Value, key: &SigningKey) -> Result<String, MintError> {
    let header = json!({"alg": "RS256", "kid": key.key_id, "typ": "JWT"});
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(&header), part(claims));
    let mut signature = vec![0; key.pair.public_modulus_len()];
    key.pair
        .sign(
            &RSA_PKCS1_SHA256,
            &SystemRandom::new(),
            signed.as_bytes(),
            &mut signature,
        )
        .map_err(|_| MintError::Crypto("sign"))?;
    Ok(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
}
