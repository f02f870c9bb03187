// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <cstdlib>
#include <fstream>

#include "crypto/digest.hpp"
#include "files/file.hpp"
#include "plugin_host/plugin_install.hpp"
#include "rest_fixture.hpp"

namespace ostler::rest_api {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class RestPlugins : public RestFixture {
 protected:
  RestPlugins() { write("says hello"); }

  /// A plugin whose only file is a script.
  void write(const std::string& description) const {
    fs::create_directories(place_);
    const std::string program = "print('hello')\n";
    std::ofstream(place_ / "greet.py") << program;
    std::ofstream(place_ / "plugin.json")
        << R"({"id": "greet", "version": "1.0.0", "kind": "step", "abi": "0.2", "description": ")"
        << description << R"(", "runtime": "exec", "interpreter": ["python3"],
               "library": "greet.py", "files": {"greet.py": ")"
        << crypto::sha256_hex(program) << "\"}}";
  }
  std::string packed() const {
    const auto bundle = plugin_host::open_bundle(place_);
    EXPECT_TRUE(bundle) << bundle.error().message();
    const auto done = plugin_host::pack_bundle(bundle.value(), work_ / "archive");
    EXPECT_TRUE(done) << done.error().message();
    return files::read_file(work_ / "archive").value();
  }
  Reply publish(const std::string& archive, const std::string& platform = "linux-x86_64-glibc") {
    return send("POST", "/organizations/ostler/plugins?platform=" + platform,
                {{"Authorization", "Bearer " + tokens_.api_token.reveal()}}, archive);
  }
  /// By the program of that name, with these files.
  std::string packed_by_tar(const std::string& files) const {
    const std::string archive = work_ / "by_tar";
    const std::string command =
        "tar -C " + place_.string() + " -czf " + archive + " --hard-dereference " + files;
    EXPECT_EQ(std::system(command.c_str()), 0) << command;
    return files::read_file(archive).value();
  }
  std::size_t blobs() const {
    std::size_t count = 0;
    for (const auto& entry : fs::recursive_directory_iterator(directory_->path())) {
      count +=
          entry.is_regular_file() && entry.path().string().find("/plugins/") != std::string::npos;
    }
    return count;
  }

  const support::TempDirectory work_;
  const fs::path place_ = work_ / "greet";
};

TEST_F(RestPlugins, ArePublishedOnceAndListed) {
  const std::string archive = packed();
  const Reply made = publish(archive);
  EXPECT_EQ(made.status, 201) << made.body;
  const nlohmann::json plugin = made.json();
  EXPECT_EQ(plugin.at("name"), "greet");
  EXPECT_EQ(plugin.at("version"), "1.0.0");
  EXPECT_EQ(plugin.at("platform"), "linux-x86_64-glibc");
  EXPECT_EQ(plugin.at("sha256"), plugin_host::open_bundle(place_).value().sha256);
  EXPECT_EQ(plugin.at("archive_sha256"), crypto::sha256_hex(archive));
  EXPECT_EQ(plugin.at("size"), archive.size());
  EXPECT_TRUE(plugin.at("signed_by").is_null());
  const Reply again = publish(packed());
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.json(), plugin);
  EXPECT_EQ(get("/organizations/ostler/plugins").json(), nlohmann::json::array({plugin}));
  EXPECT_EQ(blobs(), 1u) << "the second one was kept, too";
}

TEST_F(RestPlugins, NeverChangeWhatIsPublished) {
  EXPECT_EQ(publish(packed()).status, 201);
  write("says goodbye");
  const Reply refused = publish(packed());
  EXPECT_EQ(refused.status, 409);
  EXPECT_THAT(refused.message(), HasSubstr("another greet#1.0.0 for linux-x86_64-glibc"));
  EXPECT_EQ(blobs(), 1u);
  EXPECT_EQ(publish(packed(), "linux-aarch64-glibc").status, 201);
}

TEST_F(RestPlugins, AreTakenOffWithTheirBytes) {
  EXPECT_EQ(publish(packed()).status, 201);
  EXPECT_EQ(publish(packed(), "linux-aarch64-glibc").status, 201);
  const auto remove = [&](const std::string& what) {
    return send("DELETE", "/organizations/ostler/plugins/" + what,
                {{"Authorization", "Bearer " + tokens_.api_token.reveal()}}, "");
  };
  EXPECT_EQ(remove("greet/versions/1.0.1").status, 404);
  EXPECT_EQ(remove("greet/versions/1.0.0?platform=linux-aarch64-glibc").status, 204);
  EXPECT_EQ(get("/organizations/ostler/plugins").json().size(), 1u);
  EXPECT_EQ(blobs(), 1u);
  EXPECT_EQ(remove("greet/versions/1.0.0").status, 204);
  EXPECT_EQ(blobs(), 0u);
  EXPECT_EQ(remove("greet/versions/1.0.0").status, 404);
  EXPECT_EQ(publish(packed()).status, 201);
  EXPECT_EQ(remove("greet/versions/1.0.0").status, 204);
  write("says goodbye");
  EXPECT_THAT(publish(packed()).message(), HasSubstr("was published once, with sha256:"));
}

TEST_F(RestPlugins, AreDownloadedAsTheyWerePublished) {
  const std::string archive = packed();
  EXPECT_EQ(publish(archive).status, 201);
  const auto download = [&](const std::string& what) {
    return get("/organizations/ostler/plugins/" + what);
  };
  const Reply got = download("greet/versions/1.0.0/archive?platform=linux-x86_64-glibc");
  EXPECT_EQ(got.status, 200);
  EXPECT_EQ(got.body, archive);
  EXPECT_EQ(got.header("Ostler-Archive-Sha256"), crypto::sha256_hex(archive));
  for (const char* other :
       {"greet/versions/1.0.1/archive?platform=linux-x86_64-glibc",
        "greet/versions/1.0.0/archive?platform=linux-aarch64-glibc", "greet/versions/1.0.0/archive",
        "%2e%2e/versions/1.0.0/archive?platform=a"}) {
    EXPECT_EQ(download(other).status, 404) << other;
  }
  send("DELETE", "/organizations/ostler/plugins/greet/versions/1.0.0",
       {{"Authorization", "Bearer " + tokens_.api_token.reveal()}}, "");
  const Reply gone = download("greet/versions/1.0.0/archive?platform=linux-x86_64-glibc");
  EXPECT_EQ(gone.status, 410);
  EXPECT_EQ(gone.message(), "the plugin was taken off the hub");
}

TEST_F(RestPlugins, AreLookedAtBeforeTheyAreKept) {
  EXPECT_EQ(publish("no archive").status, 422);
  EXPECT_THAT(publish("no archive").message(), HasSubstr("no tar archive"));
  const std::string whole = packed();
  EXPECT_EQ(publish(whole.substr(0, whole.size() / 2)).status, 422);
  std::ofstream(place_ / "greet.py") << "print('other')\n";
  const Reply changed = publish(packed());
  EXPECT_EQ(changed.status, 422);
  EXPECT_THAT(changed.message(), HasSubstr("greet.py: its SHA-256 is"));
  EXPECT_THAT(changed.message(), testing::Not(HasSubstr("/tmp")));
  EXPECT_EQ(blobs(), 0u);
}

TEST_F(RestPlugins, HaveNoFilesThatTheirManifestDoesNotList) {
  std::ofstream(place_ / "bomb") << "x";
  for (const char* order : {"plugin.json greet.py bomb", "plugin.json bomb greet.py"}) {
    const Reply refused = publish(packed_by_tar(order));
    EXPECT_EQ(refused.status, 422) << order;
    EXPECT_EQ(refused.message(), "bomb is in the archive, but plugin.json does not list it");
  }
  EXPECT_EQ(publish(packed_by_tar("bomb plugin.json greet.py")).message(),
            "plugin.json is not its first file; `ostler plugin publish` packs it so");
  EXPECT_EQ(publish(packed_by_tar("plugin.json greet.py greet.py")).message(),
            "greet.py is twice in the archive");
  EXPECT_EQ(publish(packed_by_tar("plugin.json")).message(),
            "greet#1.0.0 has faults\ngreet.py: is missing");
  EXPECT_EQ(publish(packed_by_tar("plugin.json greet.py")).status, 201);
}

TEST_F(RestPlugins, WaitWhileSeveralArePublished) {
  std::vector<ArchiveIntake::Place> others;
  while (others.size() < ArchiveIntake::kAtOnce) others.push_back(archives_.enter().value());
  const Reply refused = publish(packed());
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.message(), "plugins are being published; try again");
  others.pop_back();
  EXPECT_EQ(publish(packed()).status, 201);
  EXPECT_EQ(publish("no archive").status, 422);
  EXPECT_EQ(publish(packed()).status, 200) << "one that was refused has kept its place";
}

TEST_F(RestPlugins, WantAPlatform) {
  for (const char* platform : {"", "Linux", "a/b"}) {
    EXPECT_EQ(publish(packed(), platform).status, 422) << platform;
  }
}

TEST_F(RestPlugins, AreNotTakenInWhereTheDiskIsFull) {
  space_.available = 10;
  clock_.at = clock_.at + std::chrono::minutes(1);
  EXPECT_EQ(publish(packed()).status, 503);
}

TEST_F(RestPlugins, LeaveNothingBehindThatWasNotKept) {
  EXPECT_EQ(publish("no archive").status, 422);
  EXPECT_TRUE(fs::is_empty(directory_->path() / "blobs/incoming"));
}

TEST_F(RestPlugins, MayBeLargerThanOtherBodiesButNotAny) {
  const Reply large = publish(std::string(RestApi::kBodyLimit + 1, ' '));
  EXPECT_EQ(large.status, 422) << large.body;
  const Reply too_large = publish(std::string((128u << 20) + 1, ' '));
  EXPECT_EQ(too_large.status, 413);
  EXPECT_THAT(too_large.message(), HasSubstr("128 MiB"));
}

}  // namespace
}  // namespace ostler::rest_api
