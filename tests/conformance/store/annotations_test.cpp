// SPDX-License-Identifier: Apache-2.0
#include "store_suite.hpp"

namespace ostler::store {
namespace {

using model::Annotation;
using model::AnnotationScope;
using model::AnnotationStyle;

class Annotations : public StoreSuite {
 protected:
  Annotate change(const std::string& context, model::AnnotationChange change,
                  std::string request = "") {
    return {.place = {build_, {}},
            .context = context,
            .change = std::move(change),
            .request = std::move(request),
            .now = house_.now()};
  }
  Annotation make(const std::string& context, model::AnnotationChange body) {
    return house_.get(house_.store().annotate(change(context, std::move(body))));
  }
  std::vector<Annotation> all(std::optional<AnnotationScope> scope = {}) {
    return house_.get(house_.store().annotations({build_, {}, scope}, {})).items;
  }
  Errc fault(const Annotate& command) { return house_.error_of(house_.store().annotate(command)); }

  BuildId build_ = house_.create_build("steps: [{command: a}]").build.id;
};
INSTANTIATE_TEST_SUITE_P(Store, Annotations, testing::ValuesIn(store_kinds()), name_of);

TEST_P(Annotations, AreMadeReplacedAndAppendedTo) {
  const Annotation first = make("junit", {.body = "one", .style = AnnotationStyle::Info});
  EXPECT_EQ(first.priority, 3);
  EXPECT_EQ(make("junit", {.body = "two"}).body, "two");
  const Annotation last = make("junit", {.body = " three", .append = true, .priority = 7});
  EXPECT_EQ(last.body, "two three");
  EXPECT_EQ(last.id, first.id);
  EXPECT_EQ(last.style, AnnotationStyle::Info) << "as it was";
  EXPECT_EQ(last.priority, 7);
  EXPECT_EQ(all().size(), 1u);
  EXPECT_EQ(make("new", {.body = "x", .append = true}).body, "x") << "nothing to append to";
}

TEST_P(Annotations, MayChangeTheirStyleOnly) {
  make("a", {.body = "text"});
  const Annotation changed = make("a", {.style = AnnotationStyle::Error});
  EXPECT_EQ(changed.body, "text");
  EXPECT_EQ(changed.style, AnnotationStyle::Error);
  EXPECT_EQ(fault(change("b", {.style = AnnotationStyle::Error})), Errc::UserFault)
      << "there is none whose style could change";
}

TEST_P(Annotations, AreListedByPriorityAndThenAge) {
  for (const auto& [context, priority] : {std::pair("a", 3), {"b", 10}, {"c", 1}, {"d", 3}}) {
    make(context, {.body = "x", .priority = priority});
  }
  std::string order;
  for (const Annotation& annotation : all()) order += annotation.context;
  EXPECT_EQ(order, "badc");
}

TEST_P(Annotations, OfAJobAreApartFromThoseOfItsBuild) {
  const JobId job = house_.get(house_.store().jobs({.builds = {build_}})).at(0).id;
  Annotate of_job = change("same", {.body = "of the job"});
  of_job.place.job = job;
  house_.get(house_.store().annotate(of_job));
  make("same", {.body = "of the build"});
  ASSERT_EQ(all(AnnotationScope::Job).size(), 1u);
  EXPECT_EQ(all(AnnotationScope::Job)[0].body, "of the job");
  EXPECT_EQ(all(AnnotationScope::Job)[0].job, job);
  ASSERT_EQ(all(AnnotationScope::Build).size(), 1u);
  EXPECT_EQ(all(AnnotationScope::Build)[0].body, "of the build");
  EXPECT_EQ(all().size(), 2u);
  house_.get(house_.store().remove_annotation({{build_, job}, "same"}));
  EXPECT_EQ(all()[0].body, "of the build");
}

TEST_P(Annotations, ARepeatedCallIsMadeOnce) {
  make("a", {.body = "x"});
  const Annotate append = change("a", {.body = "y", .append = true}, "call-1");
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(house_.get(house_.store().annotate(append)).body, "xy");
  }
  EXPECT_EQ(make("a", {.body = "z", .append = true}).body, "xyz");
}

TEST_P(Annotations, AreRemovedOnce) {
  make("a", {.body = "x"});
  house_.get(house_.store().remove_annotation({{build_, {}}, "a"}));
  EXPECT_TRUE(all().empty());
  EXPECT_EQ(house_.error_of(house_.store().remove_annotation({{build_, {}}, "a"})), Errc::NotFound);
}

TEST_P(Annotations, AreBounded) {
  const std::string longest(model::kLongestAnnotation, 'x');
  make("a", {.body = longest});
  EXPECT_EQ(fault(change("a", {.body = "y", .append = true})), Errc::UserFault);
  EXPECT_EQ(fault(change("b", {.body = longest + "y"})), Errc::UserFault);
  EXPECT_EQ(fault(change("b", {.body = "x", .priority = 11})), Errc::UserFault);
  EXPECT_EQ(fault(change("b", {.body = "x", .priority = 0})), Errc::UserFault);
  EXPECT_EQ(fault(change("", {.body = "x"})), Errc::UserFault);
  EXPECT_EQ(fault(change(std::string(101, 'c'), {.body = "x"})), Errc::UserFault);
  EXPECT_EQ(all().size(), 1u);
  EXPECT_EQ(all()[0].body, longest);
}

TEST_P(Annotations, StandAtABuildOrJobThatIsThere) {
  Annotate nowhere = change("a", {.body = "x"});
  nowhere.place.build = BuildId::make();
  EXPECT_EQ(fault(nowhere), Errc::NotFound);
  Annotate of_another_build = change("a", {.body = "x"});
  const BuildId other = house_.create_build("steps: [{command: a}]").build.id;
  of_another_build.place.job = house_.get(house_.store().jobs({.builds = {other}})).at(0).id;
  EXPECT_EQ(fault(of_another_build), Errc::NotFound);
}

}  // namespace
}  // namespace ostler::store
