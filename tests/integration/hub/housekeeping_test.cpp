// SPDX-License-Identifier: Apache-2.0
// A hub removes what has expired, while it serves.
#include "artifact_fixture.hpp"
#include "files/file_lock.hpp"
#include "store/directory_blob_store.hpp"
#include "store/sqlite/connection.hpp"
#include "support/wait_until.hpp"

namespace ostler {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

class Housekeeping : public ArtifactTest {
 protected:
  void SetUp() override {
    ArtifactTest::SetUp();
    ASSERT_EQ(agent_.chunk(job_, 1, 0, "hello\n").status, 200);
    const auto declared = declare("batch", {{"out.txt", "content"}});
    const std::string id = declared["artifact_ids"][0];
    const auto url = address(declared["per_artifact_instructions"][id]["action"]);
    ASSERT_EQ(send_form(url, file_part("content")).status, 204);
    ASSERT_EQ(report(id, "finished").status, 200);
    ASSERT_EQ(agent_.finish(job_).status, 200);
  }

  /// The hub starts again when its build has been over for `days`.
  void start_again_after(int days, const std::string& sql = "") {
    hub_.program().signal(SIGTERM);
    ASSERT_EQ(hub_.program().wait(15s), 0);
    auto database =
        store::sqlite::Connection::open(hub_.data() / "ostler.db", store::sqlite::Access::ReadWrite)
            .value();
    ASSERT_TRUE(database.run_script("UPDATE builds SET finished_at = finished_at - 86400000000 * " +
                                    std::to_string(days) + ";" + sql));
    hub_.start_again();
  }
  int status_of_build() const {
    return hub_.rest("GET", "/organizations/ostler/pipelines/" + pipeline_ + "/builds/1").status;
  }
  int files_of_blobs() const {
    int count = 0;
    for (const auto& entry : fs::recursive_directory_iterator(hub_.data() / "blobs")) {
      count += entry.is_regular_file() ? 1 : 0;
    }
    return count;
  }
};

TEST_F(Housekeeping, RemovesABuildWithItsFilesAfterNinetyDays) {
  start_again_after(91);
  EXPECT_TRUE(support::wait_until(20s, [&] { return status_of_build() == 404; }));
  EXPECT_TRUE(support::wait_until(20s, [&] { return files_of_blobs() == 0; }));
  const auto check = support::run_program({support::ostler_program(), "hub", "check", hub_.data()});
  EXPECT_EQ(check.code, 0) << check.out;
  EXPECT_EQ(hub_.make_build(pipeline_), 2) << "its number is not given again";
}

TEST_F(Housekeeping, KeepsWhatIsYounger) {
  start_again_after(91);
  ASSERT_TRUE(support::wait_until(20s, [&] { return status_of_build() == 404; }));
  const int next = hub_.make_build(pipeline_);
  EXPECT_EQ(hub_.build(pipeline_, next)["state"], "scheduled");
}

/// A directory in the place of a file cannot be unlinked, not even by root.
TEST_F(Housekeeping, GoesOnAfterAFileThatCannotBeRemoved) {
  fs::path log;
  for (const auto& entry : fs::recursive_directory_iterator(hub_.data() / "blobs" / "logs")) {
    if (entry.is_regular_file()) log = entry.path();
  }
  ASSERT_TRUE(fs::remove(log));
  ASSERT_TRUE(fs::create_directory(log));
  start_again_after(91);
  EXPECT_TRUE(support::wait_until(20s, [&] { return status_of_build() == 404; }));
  EXPECT_TRUE(support::wait_until(20s, [&] { return files_of_blobs() == 0; }));
  const auto said = [&] { return hub_.program().err().find(log.filename()) != std::string::npos; };
  EXPECT_TRUE(support::wait_until(20s, said)) << hub_.program().err();
}

TEST_F(Housekeeping, GoesOnAfterAPageOfFilesThatCannotBeRemoved) {
  constexpr int kMoreThanAPage = 250;
  std::string names;
  for (int number = 0; number < kMoreThanAPage; ++number) {
    const std::string digits = std::to_string(100'000'000'000 + number);
    const auto id = Uuid::parse("00000000-0000-7000-8000-" + digits).value();
    const auto path = store::blob_path(hub_.data() / "blobs", {store::BlobKind::Log, id});
    fs::create_directories(path);
    names += "INSERT INTO removed_blobs VALUES (0, x'00000000000070008000" + digits + "');";
  }
  start_again_after(91, names);
  EXPECT_TRUE(support::wait_until(20s, [&] { return status_of_build() == 404; }));
  EXPECT_TRUE(support::wait_until(20s, [&] { return files_of_blobs() == 0; }));
}

TEST_F(Housekeeping, LeavesTheFilesToABackupThatIsUnderWay) {
  {
    const auto held = files::FileLock::try_acquire(hub_.data() / "blobs.lock");
    ASSERT_TRUE(held);
    start_again_after(91);
    ASSERT_TRUE(support::wait_until(20s, [&] { return status_of_build() == 404; }));
    EXPECT_EQ(files_of_blobs(), 2);
  }
  start_again_after(0);
  EXPECT_TRUE(support::wait_until(20s, [&] { return files_of_blobs() == 0; }));
}

}  // namespace
}  // namespace ostler
