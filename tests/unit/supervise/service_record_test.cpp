// SPDX-License-Identifier: Apache-2.0
#include "supervise/service_record.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "supervise/service_address.hpp"

namespace ostler::supervise {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

TEST(ServiceRecord, KeepsEveryByteOfASpecification) {
  ServiceSpec spec;
  spec.id = "web.0123abcd";
  spec.arguments = {"sh", "-c", "a=1\nb=%41 \xff\x01", ""};
  spec.environment = {"KEY=a=b"};
  spec.probe = ServiceProbe::Http;
  spec.probe_interval = std::chrono::milliseconds(1500);
  spec.restart = ServiceRestart::Always;
  const auto read = decode_service_spec(encode(spec, WithEnvironment::Yes)).value();
  EXPECT_EQ(read.arguments, spec.arguments);
  EXPECT_THAT(read.environment, ElementsAre("KEY=a=b"));
  EXPECT_EQ(read.probe, ServiceProbe::Http);
  EXPECT_EQ(read.probe_interval, spec.probe_interval);
  EXPECT_EQ(read.restart, ServiceRestart::Always);
  EXPECT_THAT(encode(spec, WithEnvironment::No), Not(HasSubstr("KEY")));
}

TEST(ServiceRecord, TakesWhatALaterVersionAddsAndNoUnknownWord) {
  EXPECT_EQ(decode_service_state("phase=running\nmood=good\n").value().phase,
            ServicePhase::Running);
  EXPECT_FALSE(decode_service_state("phase=dreaming\n"));
  EXPECT_FALSE(decode_service_state("restarts=many\n"));
}

TEST(ServiceRecord, TakesNoProbeThatSaysNothing) {
  ServiceSpec spec;
  spec.takes_listener = true;
  EXPECT_TRUE(check_service_probe(spec));
  spec.probe = ServiceProbe::Http;
  EXPECT_TRUE(check_service_probe(spec));
  spec.probe = ServiceProbe::Tcp;
  const auto refused = check_service_probe(spec);
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message(), HasSubstr("cannot be probed by tcp"));
  spec.takes_listener = false;
  EXPECT_TRUE(check_service_probe(spec));
  spec.probe_interval = {};
  EXPECT_FALSE(check_service_probe(spec));
}

TEST(ServiceRecord, TakesNoProbeWithoutAPauseOrAThreshold) {
  EXPECT_TRUE(decode_service_spec("probe=tcp\nprobe_interval_ms=1\nprobe_threshold=1\n"));
  for (const auto* text :
       {"probe_interval_ms=0\n", "probe_interval_ms=-5\n", "probe_threshold=0\n"}) {
    const auto refused = decode_service_spec("probe=tcp\n" + std::string(text));
    ASSERT_FALSE(refused) << text;
    EXPECT_EQ(refused.error().code(), Errc::Corrupt);
    EXPECT_TRUE(decode_service_spec(text)) << "without a probe it means nothing";
  }
}

TEST(ServiceRecord, KnowsNamesAndIdsThatCanBeFiles) {
  EXPECT_TRUE(is_service_name("web-2"));
  for (const auto* name : {"", "Web", "2web", "a.b", "a/b", "..", "a_b"}) {
    EXPECT_FALSE(is_service_name(name)) << name;
  }
  EXPECT_FALSE(is_service_name(std::string(33, 'a')));
  EXPECT_TRUE(is_service_id("web.0123abcd"));
  for (const auto* id : {"web", "web.0123abc", "web.0123ABCD", "../x.0123abcd", "web.0123abcde"}) {
    EXPECT_FALSE(is_service_id(id)) << id;
  }
}

TEST(ServiceRecord, LetsAddressesLeadNowhereElse) {
  for (const auto* address : {"127.0.0.1:80", "[::1]:65535", "unix:web.sock"}) {
    EXPECT_TRUE(parse_service_address(address)) << address;
  }
  for (const auto* address :
       {"", "127.0.0.1", "127.0.0.1:0", "127.0.0.1:65536", "127.0.0.1:80x", "10.0.0.1:80",
        "localhost:80", "unix:", "unix:/run/docker.sock", "unix:../k", "unix:..", "0.0.0.0:80"}) {
    EXPECT_FALSE(parse_service_address(address)) << address;
  }
}

}  // namespace
}  // namespace ostler::supervise
