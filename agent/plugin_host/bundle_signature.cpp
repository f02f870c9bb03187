// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/bundle_signature.hpp"

#include <algorithm>
#include <sstream>

#include "base/base64.hpp"

namespace ostler::plugin_host {
namespace {

constexpr std::string_view kManifestDigestPrefix = "sha256:";

struct SignatureLine {
  std::string key;
  std::string digest;
  std::string bytes;  ///< in base64
};

Error refused(const Bundle& bundle, const std::string& why) {
  return Error(Errc::Denied, bundle.manifest.reference() + " " + why);
}

Result<SignatureLine> read_signature(const Bundle& bundle) {
  SignatureLine line;
  std::istringstream words(bundle.signature);
  std::string more;
  words >> line.key >> line.digest >> line.bytes;
  if (words && !(words >> more)) return line;
  return refused(bundle, std::string("has a ") + kSignatureName +
                             " that cannot be read: it is one line, \"ed25519:KEY sha256:DIGEST "
                             "SIGNATURE\"");
}

/// The signature is not that of these bytes; which of the two was changed?
Error not_signed_so(const Bundle& bundle, const SignatureLine& line) {
  if (line.digest == std::string(kManifestDigestPrefix) + bundle.sha256) {
    return refused(bundle, "has a bad signature: " + line.key + " did not make it");
  }
  return refused(bundle, std::string("was changed after it was signed: ") + kManifestName +
                             " has sha256:" + bundle.sha256 + ", and what was signed " +
                             line.digest);
}

}  // namespace

std::string sign_bundle(const Bundle& bundle, const crypto::Ed25519PrivateKey& key) {
  return key.public_key().text() + " " + std::string(kManifestDigestPrefix) + bundle.sha256 + " " +
         base64(key.sign(bundle.text)) + "\n";
}

std::string claimed_publisher(const Bundle& bundle) {
  return bundle.signature.substr(0, bundle.signature.find_first_of(" \n"));
}

std::string fault_of_signature(const Bundle& bundle) {
  if (bundle.signature.empty()) return {};
  const auto line = read_signature(bundle);
  const std::string digest = std::string(kManifestDigestPrefix) + bundle.sha256;
  if (line && line.value().digest == digest) return {};
  const std::string why = line ? std::string(" is of another ") + kManifestName +
                                     ", which was changed after it was signed"
                               : std::string(" cannot be read");
  return kSignatureName + why + "; sign it anew with `ostler plugin sign`, or remove " +
         kSignatureName;
}

Result<crypto::Ed25519PublicKey> check_signature(
    const Bundle& bundle, const std::vector<crypto::Ed25519PublicKey>& publishers) {
  if (bundle.signature.empty()) {
    return refused(bundle, "is not signed; `ostler plugin sign` does that");
  }
  OSTLER_TRY(const SignatureLine line, read_signature(bundle));
  const auto publisher = std::ranges::find(publishers, line.key, &crypto::Ed25519PublicKey::text);
  if (publisher == publishers.end()) {
    return refused(bundle, "is signed with " + line.key + ", a key that is not trusted here");
  }
  const auto signature = decode_base64(line.bytes);
  if (signature && publisher->verifies(bundle.text, *signature)) return *publisher;
  return not_signed_so(bundle, line);
}

}  // namespace ostler::plugin_host
