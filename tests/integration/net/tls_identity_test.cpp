// SPDX-License-Identifier: Apache-2.0
#include "net/tls_identity.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "files/file.hpp"
#include "support/temp_directory.hpp"
#include "support/test_certificate.hpp"

namespace ostler::net {
namespace {

using testing::HasSubstr;

class TlsIdentityTest : public testing::Test {
 protected:
  std::string fault_of(const TlsFiles& files) {
    const auto loaded = TlsIdentity::load(files);
    EXPECT_FALSE(loaded);
    if (loaded) return "";
    EXPECT_EQ(loaded.error().code(), Errc::UserFault);
    return loaded.error().message();
  }

  support::TempDirectory directory_;
  support::TestCertificate files_ = support::make_certificate(directory_.path());
};

TEST_F(TlsIdentityTest, NamesTheFileThatIsOfNoUse) {
  EXPECT_THAT(fault_of({directory_ / "none.pem", files_.key}), HasSubstr("none.pem"));
  EXPECT_THAT(fault_of({files_.certificate, directory_ / "none.key"}), HasSubstr("none.key"));
  EXPECT_THAT(fault_of({files_.key, files_.key}), HasSubstr("not a usable certificate"));
  support::TempDirectory other;
  const auto of_another = support::make_certificate(other.path());
  EXPECT_THAT(fault_of({files_.certificate, of_another.key}),
              HasSubstr("not a private key of that certificate"));
}

TEST_F(TlsIdentityTest, TakesRenewedFilesAndComplainsOnceOfBrokenOnes) {
  auto identity = TlsIdentity::load({files_.certificate, files_.key}).value();
  EXPECT_TRUE(identity.refresh());
  const auto later = std::filesystem::last_write_time(files_.key) + std::chrono::seconds(5);
  ASSERT_TRUE(files::write_file_atomically(files_.certificate, "broken"));
  std::filesystem::last_write_time(files_.certificate, later);
  EXPECT_FALSE(identity.refresh());
  EXPECT_TRUE(identity.refresh()) << "nothing has changed since the complaint";
  support::make_certificate(directory_.path());
  std::filesystem::last_write_time(files_.certificate, later + std::chrono::seconds(5));
  EXPECT_TRUE(identity.refresh());
}

}  // namespace
}  // namespace ostler::net
