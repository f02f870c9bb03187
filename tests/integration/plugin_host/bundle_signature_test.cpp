// SPDX-License-Identifier: Apache-2.0
#include "plugin_host/bundle_signature.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "files/file.hpp"
#include "plugin_host/plugin_install.hpp"
#include "support/signing_key.hpp"
#include "zoo_run.hpp"

namespace ostler::plugin_host {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

crypto::Ed25519PrivateKey key(unsigned char number) {
  return crypto::Ed25519PrivateKey::from_pem(Secret(support::SigningKey(number).pem())).value();
}

/// The zoo's plugin, to be signed and spoilt.
class BundleSignature : public testing::Test {
 protected:
  BundleSignature() { fs::copy(ZooRun::directory(), zoo_, fs::copy_options::recursive); }
  void sign(unsigned char number) const { put(sign_bundle(opened(), key(number))); }
  void put(const std::string& signature) const {
    std::ofstream(zoo_ / "plugin.json.sig") << signature;
  }
  std::string signature() const { return files::read_file(zoo_ / "plugin.json.sig").value(); }
  Bundle opened() const { return open_bundle(zoo_).value(); }
  /// Why the first of the keys is not taken for the publisher; empty: it is.
  std::string refused() const {
    const auto checked = check_signature(opened(), {key(1).public_key()});
    if (!checked) EXPECT_EQ(checked.error().code(), Errc::Denied);
    return checked ? "" : checked.error().message();
  }

  const support::TempDirectory directory_;
  const fs::path zoo_ = directory_ / "zoo";
  const fs::path store_ = directory_ / "store";
};

TEST_F(BundleSignature, SaysWhoMadeIt) {
  sign(2);
  const auto publisher = check_signature(opened(), {key(1).public_key(), key(2).public_key()});
  ASSERT_TRUE(publisher) << publisher.error().message();
  EXPECT_EQ(publisher.value(), key(2).public_key());
  EXPECT_EQ(claimed_publisher(opened()), key(2).public_key().text());
}

TEST_F(BundleSignature, ThatIsMissingIsSaid) {
  EXPECT_EQ(refused(), "zoo#1.0.0 is not signed; `ostler plugin sign` does that");
}

TEST_F(BundleSignature, ByAnotherKeyIsSaidWithThatKey) {
  sign(2);
  EXPECT_EQ(refused(), "zoo#1.0.0 is signed with " + key(2).public_key().text() +
                           ", a key that is not trusted here");
}

TEST_F(BundleSignature, IsVoidWhenTheManifestIsChangedAfterwards) {
  sign(1);
  EXPECT_EQ(refused(), "");
  std::ofstream(zoo_ / "plugin.json", std::ios::app) << " ";
  EXPECT_THAT(refused(), HasSubstr("was changed after it was signed: plugin.json has sha256:" +
                                   opened().sha256 + ", and what was signed sha256:"));
}

TEST_F(BundleSignature, ThatTheKeyDidNotMakeIsBad) {
  sign(1);
  const std::string own = signature();
  sign(2);
  const std::string others = signature();
  put(own.substr(0, own.rfind(' ')) + others.substr(others.rfind(' ')));
  EXPECT_THAT(refused(), HasSubstr("has a bad signature: ed25519:"));
  put(own.substr(0, own.rfind(' ')) + " !!\n");
  EXPECT_THAT(refused(), HasSubstr("has a bad signature"));
  // Whoever changes the plugin can write its digest there too, but not sign it.
  const std::string old = opened().sha256;
  std::ofstream(zoo_ / "plugin.json", std::ios::app) << " ";
  std::string forged = own;
  put(forged.replace(forged.find(old), old.size(), opened().sha256));
  EXPECT_THAT(refused(), HasSubstr("has a bad signature"));
}

TEST_F(BundleSignature, OfAnotherShapeIsNamed) {
  for (const char* text : {"x", "\n", "a b", "a b c d"}) {
    put(text);
    EXPECT_THAT(refused(), HasSubstr("has a plugin.json.sig that cannot be read")) << text;
  }
  put(std::string(2000, 'x'));
  EXPECT_THAT(open_bundle(zoo_).error().message(), HasSubstr("plugin.json.sig"));
}

TEST_F(BundleSignature, GoesIntoTheStoreAndComesToWhatIsThereAlready) {
  ASSERT_TRUE(install_bundle(opened(), store_, Replace::No).value());
  EXPECT_EQ(open_bundle(store_ / "zoo/1.0.0").value().signature, "");
  sign(1);
  EXPECT_TRUE(install_bundle(opened(), store_, Replace::No).value());
  EXPECT_EQ(open_bundle(store_ / "zoo/1.0.0").value().signature, signature());
  EXPECT_FALSE(install_bundle(opened(), store_, Replace::No).value());
  fs::remove(zoo_ / "plugin.json.sig");
  EXPECT_FALSE(install_bundle(opened(), store_, Replace::No).value());
  EXPECT_NE(open_bundle(store_ / "zoo/1.0.0").value().signature, "") << "a signature was lost";
}

}  // namespace
}  // namespace ostler::plugin_host
