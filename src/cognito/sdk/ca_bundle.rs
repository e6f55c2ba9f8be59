//! Additional certificate authorities, such as those of a TLS-inspecting proxy or a private network.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{fs, io};

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::{Error as PemError, PemObject};
use thiserror::Error;

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

/// Certificates from a file. They are added to the machine's trusted certificates; all TLS checks still apply.
#[derive(Clone, Debug)]
pub struct CaBundle(Arc<Vec<Certificate>>);

#[derive(Debug)]
struct Certificate {
    /// The PEM section as in the file.
    pem: String,
    der: CertificateDer<'static>,
}

/// Why a CA bundle is invalid.
#[derive(Debug, Error)]
pub enum BundleError {
    #[error("cannot read the CA bundle {path}: {source}")]
    Read { path: PathBuf, source: io::Error },
    /// `reason` names the line.
    #[error("invalid CA bundle {path}: {reason}")]
    Content { path: PathBuf, reason: String },
}

impl CaBundle {
    /// Reads PEM certificates. Ignores text between them, as other tools do.
    ///
    /// # Errors
    /// The file cannot be read, or has no certificate or an unusable one. No certificate is skipped: the user relies on all of them.
    pub fn read(path: &Path) -> Result<Self, BundleError> {
        let path = path.to_owned();
        match fs::read(&path) {
            Ok(bytes) => Self::parse(&String::from_utf8_lossy(&bytes))
                .map_err(|reason| BundleError::Content { path, reason }),
            Err(source) => Err(BundleError::Read { path, source }),
        }
    }

    fn parse(text: &str) -> Result<Self, String> {
        let mut found = Vec::new();
        let mut open: Option<(usize, String)> = None;
        for (at, line) in text.lines().enumerate() {
            let (at, line) = (at + 1, line.trim());
            match (&mut open, line) {
                (Some((from, _)), BEGIN) => {
                    return Err(format!(
                        "line {at}: a certificate starts before the one of line {from} ends"
                    ));
                }
                (None, BEGIN) => open = Some((at, format!("{BEGIN}\n"))),
                (Some((from, pem)), line) => {
                    pem.push_str(line);
                    pem.push('\n');
                    if line == END {
                        found
                            .push(trusted(pem).map_err(|reason| format!("line {from}: {reason}"))?);
                        open = None;
                    }
                }
                (None, _) => {}
            }
        }
        if let Some((from, _)) = open {
            return Err(format!("line {from}: the certificate does not end"));
        }
        if found.is_empty() {
            return Err(format!("no certificate in it; expected {BEGIN}"));
        }
        Ok(Self(Arc::new(found)))
    }

    /// Each certificate in PEM form.
    pub fn pems(&self) -> impl Iterator<Item = &[u8]> {
        self.0.iter().map(|trusted| trusted.pem.as_bytes())
    }

    /// Each certificate in DER form.
    pub fn ders(&self) -> impl Iterator<Item = &[u8]> {
        self.0.iter().map(|trusted| trusted.der.as_ref())
    }
}

/// The certificate of a section, checked with the TLS stack: the SDK panics on an unusable one.
fn trusted(pem: &str) -> Result<Certificate, String> {
    let der = CertificateDer::from_pem_slice(pem.as_bytes()).map_err(|error| match error {
        PemError::Base64Decode(reason) => format!("the certificate is not base64 ({reason})"),
        other => format!("the certificate cannot be read ({other})"),
    })?;
    RootCertStore::empty()
        .add(der.clone())
        .map_err(|error| format!("not an X.509 certificate ({error})"))?;
    Ok(Certificate {
        pem: pem.to_owned(),
        der,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        CaBundle::parse(text).unwrap_err()
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        for (text, words) in [
            ("", "no certificate in it"),
            ("a remark\n", "no certificate in it"),
            (
                "x\n-----BEGIN CERTIFICATE-----\nAAAA\n",
                "line 2: the certificate does not end",
            ),
            (
                "-----BEGIN CERTIFICATE-----\nAAAA\n-----BEGIN CERTIFICATE-----\n",
                "line 3: a certificate starts before the one of line 1 ends",
            ),
            (
                "\n\n-----BEGIN CERTIFICATE-----\n*?!\n-----END CERTIFICATE-----\n",
                "line 3: the certificate is not base64",
            ),
            (
                "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
                "line 1: not an X.509 certificate",
            ),
        ] {
            let reason = refused(text);
            assert!(reason.contains(words), "{text:?}: {reason}");
        }
    }

    #[test]
    fn a_file_that_cannot_be_read_is_named() {
        let error = CaBundle::read(Path::new("/nowhere/ca.pem")).unwrap_err();
        assert!(error.to_string().contains("/nowhere/ca.pem"), "{error}");
    }
}
