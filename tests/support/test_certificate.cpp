// SPDX-License-Identifier: Apache-2.0
#include "support/test_certificate.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <memory>

#include "base/assert.hpp"

namespace ostler::support {
namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&::EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&::X509_free)>;
using File = std::unique_ptr<FILE, decltype(&std::fclose)>;

constexpr long kDay = 24 * 3600;

void add_extension(X509* certificate, int kind, const char* value) {
  X509_EXTENSION* extension = ::X509V3_EXT_conf_nid(nullptr, nullptr, kind, value);
  OSTLER_ASSERT(extension != nullptr);
  ::X509_add_ext(certificate, extension, -1);
  ::X509_EXTENSION_free(extension);
}

Certificate sign_itself(EVP_PKEY* key, const std::string& names) {
  Certificate certificate(::X509_new(), ::X509_free);
  ::X509_set_version(certificate.get(), X509_VERSION_3);
  ::ASN1_INTEGER_set(::X509_get_serialNumber(certificate.get()), 1);
  ::X509_gmtime_adj(::X509_getm_notBefore(certificate.get()), -kDay);
  ::X509_gmtime_adj(::X509_getm_notAfter(certificate.get()), kDay);
  ::X509_set_pubkey(certificate.get(), key);
  X509_NAME* name = ::X509_get_subject_name(certificate.get());
  const unsigned char text[] = "Ostler test";
  ::X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, text, -1, -1, 0);
  ::X509_set_issuer_name(certificate.get(), name);
  add_extension(certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
  add_extension(certificate.get(), NID_subject_alt_name, names.c_str());
  OSTLER_ASSERT(::X509_sign(certificate.get(), key, EVP_sha256()) > 0);
  return certificate;
}

}  // namespace

TestCertificate make_certificate(const std::filesystem::path& directory, const std::string& names) {
  const TestCertificate files{directory / "certificate.pem", directory / "key.pem"};
  const Key key(EVP_RSA_gen(2048u), ::EVP_PKEY_free);
  const Certificate certificate = sign_itself(key.get(), names);
  const File certificate_file(std::fopen(files.certificate.c_str(), "w"), std::fclose);
  const File key_file(std::fopen(files.key.c_str(), "w"), std::fclose);
  OSTLER_ASSERT(::PEM_write_X509(certificate_file.get(), certificate.get()) == 1);
  OSTLER_ASSERT(::PEM_write_PrivateKey(key_file.get(), key.get(), nullptr, nullptr, 0, nullptr,
                                       nullptr) == 1);
  return files;
}

}  // namespace ostler::support
