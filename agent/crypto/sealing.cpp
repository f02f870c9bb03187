// SPDX-License-Identifier: Apache-2.0
#include "crypto/sealing.hpp"

#include <openssl/evp.h>

#include <memory>

#include "base/assert.hpp"
#include "base/base64.hpp"
#include "crypto/random.hpp"

namespace ostler::crypto {
namespace {

constexpr std::string_view kFormat = "v1.";
constexpr std::size_t kNonceSize = 12;
constexpr std::size_t kTagSize = 16;

struct FreeContext {
  void operator()(EVP_CIPHER_CTX* context) const { ::EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

/// A cipher that has taken key, nonce and the data that is authenticated only.
Context begin(const Secret& key, std::string_view nonce, std::string_view context, bool encrypt) {
  OSTLER_ASSERT(key.reveal().size() == kSealingKeySize);
  Context cipher(::EVP_CIPHER_CTX_new());
  OSTLER_ASSERT(cipher != nullptr);
  int size = 0;
  OSTLER_ASSERT(::EVP_CipherInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr,
                                    bytes_of(key.reveal()), bytes_of(nonce), encrypt ? 1 : 0) == 1);
  OSTLER_ASSERT(::EVP_CipherUpdate(cipher.get(), nullptr, &size, bytes_of(context),
                                   static_cast<int>(context.size())) == 1);
  return cipher;
}

/// What base64 stands for; empty when it is none.
std::string from_base64(std::string_view text) {
  if (text.empty() || text.size() % 4 != 0) return {};
  std::string bytes(text.size() / 4 * 3, '\0');
  if (::EVP_DecodeBlock(bytes_of(bytes), bytes_of(text), static_cast<int>(text.size())) < 0) {
    return {};
  }
  for (std::size_t at = text.size(); at > 0 && text[at - 1] == '='; --at) bytes.pop_back();
  return bytes;
}

Error not_ours() { return Error(Errc::Corrupt, "it was sealed with another key, or is damaged"); }

}  // namespace

std::string seal(const Secret& key, std::string_view context, const Secret& text) {
  const std::string nonce = random_bytes(kNonceSize);
  const Context cipher = begin(key, nonce, context, true);
  std::string hidden(text.reveal().size(), '\0');
  std::string tag(kTagSize, '\0');
  int size = 0;
  OSTLER_ASSERT(::EVP_CipherUpdate(cipher.get(), bytes_of(hidden), &size, bytes_of(text.reveal()),
                                   static_cast<int>(text.reveal().size())) == 1);
  OSTLER_ASSERT(::EVP_CipherFinal_ex(cipher.get(), bytes_of(hidden) + size, &size) == 1);
  OSTLER_ASSERT(::EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_AEAD_GET_TAG,
                                      static_cast<int>(kTagSize), tag.data()) == 1);
  return std::string(kFormat) + base64(nonce + hidden + tag);
}

Result<Secret> open_sealed(const Secret& key, std::string_view context, std::string_view sealed) {
  if (!sealed.starts_with(kFormat)) return not_ours();
  const std::string bytes = from_base64(sealed.substr(kFormat.size()));
  if (bytes.size() < kNonceSize + kTagSize) return not_ours();
  const std::string_view all = bytes;
  const std::string_view hidden = all.substr(kNonceSize, all.size() - kNonceSize - kTagSize);
  std::string tag(all.substr(all.size() - kTagSize));
  const Context cipher = begin(key, all.substr(0, kNonceSize), context, false);
  std::string text(hidden.size(), '\0');
  int size = 0;
  OSTLER_ASSERT(::EVP_CipherUpdate(cipher.get(), bytes_of(text), &size, bytes_of(hidden),
                                   static_cast<int>(hidden.size())) == 1);
  OSTLER_ASSERT(::EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_AEAD_SET_TAG,
                                      static_cast<int>(kTagSize), tag.data()) == 1);
  Secret opened(std::move(text));
  if (::EVP_CipherFinal_ex(cipher.get(), bytes_of(tag), &size) != 1) return not_ours();
  return opened;
}

}  // namespace ostler::crypto
