// SPDX-License-Identifier: Apache-2.0
#include "net/tls_identity.hpp"

#include <boost/asio/ssl/context.hpp>
#include <utility>

#include "net/tls_stream.hpp"

namespace ostler::net {

namespace ssl = boost::asio::ssl;
using boost::system::error_code;
using std::filesystem::file_time_type;

namespace {

struct Ages {
  file_time_type certificate;
  file_time_type key;
  bool operator==(const Ages&) const = default;
};

/// The oldest time there is stands for a file that is not there.
Ages ages_of(const TlsFiles& files) {
  const auto age = [](const std::filesystem::path& path) {
    std::error_code error;
    const auto time = std::filesystem::last_write_time(path, error);
    return error ? file_time_type::min() : time;
  };
  return {age(files.certificate), age(files.key)};
}

Error unusable(const std::filesystem::path& path, const char* what, const error_code& error) {
  return Error(Errc::UserFault, path.string() + ": " + what + ": " + error.message());
}

Result<void> read(const TlsFiles& files, ssl::context& context) {
  error_code error;
  context.set_options(
      ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1 | ssl::context::no_compression, error);
  // Else OpenSSL asks whoever sits at the terminal, and everything waits.
  context.set_password_callback([](std::size_t, ssl::context::password_purpose) { return ""; },
                                error);
  context.use_certificate_chain_file(files.certificate.string(), error);
  if (error) return unusable(files.certificate, "not a usable certificate", error);
  context.use_private_key_file(files.key.string(), ssl::context::pem, error);
  if (error) return unusable(files.key, "not a private key of that certificate", error);
  ::SSL_CTX_set_mode(context.native_handle(), SSL_MODE_RELEASE_BUFFERS);
  return success();
}

}  // namespace

struct TlsIdentity::Loaded {
  Ages ages;
  ssl::context context{ssl::context::tls_server};
};

TlsIdentity::TlsIdentity(TlsFiles files, std::unique_ptr<Loaded> loaded)
    : files_(std::move(files)), loaded_(std::move(loaded)) {}
TlsIdentity::~TlsIdentity() = default;
TlsIdentity::TlsIdentity(TlsIdentity&&) noexcept = default;
TlsIdentity& TlsIdentity::operator=(TlsIdentity&&) noexcept = default;

Result<TlsIdentity> TlsIdentity::load(TlsFiles files) {
  auto loaded = std::make_unique<Loaded>();
  loaded->ages = ages_of(files);
  OSTLER_TRY(read(files, loaded->context));
  return TlsIdentity(std::move(files), std::move(loaded));
}

Result<void> TlsIdentity::refresh() {
  const Ages now = ages_of(files_);
  if (now == loaded_->ages) return success();
  loaded_->ages = now;  // whatever comes of it: nobody wants the same complaint for each peer
  OSTLER_TRY(auto fresh, load(files_));
  loaded_ = std::move(fresh.loaded_);
  return success();
}

std::unique_ptr<Stream> TlsIdentity::open_stream(UniqueFd socket,
                                                 const boost::asio::any_io_executor& strand) {
  return std::make_unique<TlsStream>(std::move(socket), strand, loaded_->context);
}

}  // namespace ostler::net
