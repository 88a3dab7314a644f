// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <tfx/keras/preprocessing/pad_sequences.hpp>
#include <tfx/keras/preprocessing/text.hpp>
#include <tfx/keras/utils/normalize.hpp>
#include <tfx/keras/utils/to_categorical.hpp>
#include <tfx/tensor/view.hpp>
#include <type_traits>
#include <vector>

namespace utils = tfx::keras::utils;
namespace sequence = tfx::keras::preprocessing::sequence;
namespace text = tfx::keras::preprocessing::text;
namespace errors = tfx::errors;
using tfx::i64;

namespace {

using lists = std::vector<std::vector<int>>;
using strings = std::vector<std::string>;

template <class T>
bool holds(xt::xtensor<T, 2> const& x, std::vector<std::vector<T>> const& rows) {
  if (x.shape()[0] != rows.size()) return false;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (x.shape()[1] != rows[i].size()) return false;
    for (std::size_t k = 0; k < rows[i].size(); ++k)
      if (x(i, k) != rows[i][k]) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("to_categorical: a row for each label, with 1 in its column") {
  CHECK(holds(utils::to_categorical({0, 2}, 3), {{1, 0, 0}, {0, 0, 1}}));
  CHECK(holds(utils::to_categorical(xt::xtensor<i64, 1>{2, 0, 1}), {{0, 0, 1}, {1, 0, 0}, {0, 1, 0}}));
  CHECK(holds(utils::to_categorical<double>(std::vector<std::uint8_t>{1}, 2), {{0, 1}}));
  CHECK(holds(utils::to_categorical(std::vector<float>{1.0f, 0.0f}), {{0, 1}, {1, 0}}));
  static_assert(std::is_same_v<decltype(utils::to_categorical(std::vector<int>{0})), xt::xtensor<float, 2>>);
  auto const squares = utils::to_categorical(xt::xtensor<int, 2>{{0, 1}, {2, 0}});
  CHECK(squares.shape() == std::array<std::size_t, 3>{2, 2, 3});
  CHECK(squares(1, 0, 2) == 1);
  CHECK(squares(1, 0, 0) == 0);
  auto const one = utils::to_categorical(2, 4);
  CHECK(one.shape() == std::array<std::size_t, 1>{4});
  CHECK(one(2) == 1);
  CHECK(utils::to_categorical(std::vector<int>(), 3).shape() == std::array<std::size_t, 2>{0, 3});
}

TEST_CASE("to_categorical: labels and numbers of classes that make no sense are refused") {
  auto const refused = [](std::vector<double> const& labels, i64 num_classes, char const* what) {
    CHECK_THROWS_WITH_AS(utils::to_categorical(labels, num_classes), what, errors::InvalidArgumentError);
  };
  refused({0, 3}, 3, "to_categorical: label 3 is too large for a num_classes of 3");
  refused({0, -1}, 3, "to_categorical: label -1 is negative");
  refused({0}, -2, "to_categorical: num_classes must not be negative. Received: -2");
  refused({}, 0, "to_categorical: without labels, num_classes must be given");
  refused({1e15}, 0, "to_categorical: 1 labels of up to 1000000000000000 need too many columns");
  CHECK_THROWS_AS(utils::to_categorical(std::vector<float>{1.5f}), errors::InvalidArgumentError);
  CHECK_THROWS_AS(utils::to_categorical(std::vector<std::vector<int>>{{}, {1}}, 3), errors::InvalidArgumentError);
  CHECK_THROWS_AS(utils::to_categorical(std::vector<i64>{std::numeric_limits<i64>::max()}),
                  errors::InvalidArgumentError);
  CHECK_THROWS_AS(utils::to_categorical(std::vector<i64>{std::numeric_limits<i64>::min()}),
                  errors::InvalidArgumentError);
}

TEST_CASE("normalize: lines along an axis have a norm of 1, lines of zeros stay") {
  xt::xtensor<double, 2> const x{{3, 4}, {0, 0}, {-6, 8}};
  CHECK(holds<double>(utils::normalize(x), {{3. / 5, 4. / 5}, {0, 0}, {-6. / 10, 8. / 10}}));
  CHECK(holds<double>(utils::normalize(x, -1, 1), {{3. / 7, 4. / 7}, {0, 0}, {-6. / 14, 8. / 14}}));
  double const infinity = std::numeric_limits<double>::infinity();
  CHECK(holds<double>(utils::normalize(x, 1, infinity), {{3. / 4, 1}, {0, 0}, {-6. / 8, 1}}));
  CHECK(holds<double>(utils::normalize(x, 1, -infinity), {{1, 4. / 3}, {0, 0}, {-1, 8. / 6}}));
  CHECK(holds<double>(utils::normalize(x, 0, 0), {{3. / 2, 4. / 2}, {0, 0}, {-6. / 2, 8. / 2}}));
  auto const columns = utils::normalize(x, 0);
  CHECK(columns(0, 0) == doctest::Approx(3 / std::sqrt(45.0)));
  CHECK(columns(2, 1) == doctest::Approx(8 / std::sqrt(80.0)));
  auto const cubic = utils::normalize(x, -1, 3);
  CHECK(cubic(0, 0) == doctest::Approx(3 / std::cbrt(91.0)));
  // The middle axis of three.
  auto const cube = utils::normalize(xt::xtensor<float, 3>{{{3, 1}, {4, 0}}}, 1);
  CHECK(cube(0, 0, 0) == 0.6f);
  CHECK(cube(0, 1, 0) == 0.8f);
  CHECK(cube(0, 0, 1) == 1);
  static_assert(std::is_same_v<decltype(utils::normalize(lists{{1}})), xt::xtensor<float, 2>>);
  CHECK(utils::normalize(xt::xtensor<float, 2>({0, 3})).size() == 0);
  CHECK(utils::normalize(xt::xtensor<float, 2>({3, 0})).size() == 0);
  double const nan = std::nan("");
  auto const strange = utils::normalize(xt::xtensor<double, 2>{{nan, 1}, {1, nan}, {2, 1}}, 1, infinity);
  CHECK(std::isnan(strange(0, 1)));
  CHECK(std::isnan(strange(1, 0)));
  CHECK(strange(2, 1) == 0.5);
}

TEST_CASE("normalize: an axis that is not there and an order that is no number are refused") {
  std::vector<float> const x{1, 2};
  CHECK_THROWS_WITH_AS(utils::normalize(x, 1), "normalize: axis 1 is out of bounds for array of dimension 1",
                       errors::InvalidArgumentError);
  CHECK_THROWS_AS(utils::normalize(x, -2), errors::InvalidArgumentError);
  CHECK_THROWS_WITH_AS(utils::normalize(x, 0, std::nan("")), "normalize: order must be a number. Received: nan",
                       errors::InvalidArgumentError);
}

TEST_CASE("pad_sequences: short sequences are filled up, long ones cut, at either end") {
  lists const x{{1}, {2, 3}, {4, 5, 6}};
  CHECK(holds<int>(sequence::pad_sequences(x), {{0, 0, 1}, {0, 2, 3}, {4, 5, 6}}));
  CHECK(holds<int>(sequence::pad_sequences(x, {.maxlen = 2}), {{0, 1}, {2, 3}, {5, 6}}));
  CHECK(holds<int>(sequence::pad_sequences(x, {.maxlen = 2, .padding = "post", .truncating = "post", .value = -1}),
                   {{1, -1}, {2, 3}, {4, 5}}));
  CHECK(holds<int>(sequence::pad_sequences(x, {.maxlen = 4, .padding = "post"}),
                   {{1, 0, 0, 0}, {2, 3, 0, 0}, {4, 5, 6, 0}}));
  CHECK(holds<float>(sequence::pad_sequences<float>(x, {.maxlen = 1, .value = 0.5}), {{1}, {3}, {6}}));
  CHECK(holds<int>(sequence::pad_sequences({{1}, {2, 3}}), {{0, 1}, {2, 3}}));
  CHECK(holds<int>(sequence::pad_sequences(lists{{}, {7}}), {{0}, {7}}));
  CHECK(sequence::pad_sequences(lists()).shape() == std::array<std::size_t, 2>{0, 0});
  CHECK(sequence::pad_sequences(lists{{}, {}}).shape() == std::array<std::size_t, 2>{2, 0});
  CHECK(holds<int>(sequence::pad_sequences(lists{{}, {}}, {.maxlen = 2, .value = 9}), {{9, 9}, {9, 9}}));
}

TEST_CASE("pad_sequences: items may be arrays of one shape") {
  std::vector<std::vector<std::array<float, 2>>> const x{{}, {{1, 2}}, {{3, 4}, {5, 6}}};
  auto const padded = sequence::pad_sequences(x, {.value = 9});
  CHECK(padded.shape() == std::array<std::size_t, 3>{3, 2, 2});
  CHECK(padded(0, 1, 1) == 9);
  CHECK(padded(1, 0, 0) == 9);
  CHECK(padded(1, 1, 0) == 1);
  CHECK(padded(2, 1, 1) == 6);
  std::vector<lists> const ragged{{{1, 2}}, {{3, 4}, {5}}};
  CHECK_THROWS_WITH_AS(sequence::pad_sequences(ragged),
                       "pad_sequences: shape [1] of sequence at position 1 is different from expected shape [2]",
                       errors::InvalidArgumentError);
}

TEST_CASE("pad_sequences: bad options are refused by name") {
  lists const x{{1}};
  CHECK_THROWS_WITH_AS(sequence::pad_sequences(x, {.padding = "left"}),
                       "pad_sequences: padding must be \"pre\" or \"post\". Received: \"left\"",
                       errors::InvalidArgumentError);
  CHECK_THROWS_WITH_AS(sequence::pad_sequences(x, {.truncating = ""}),
                       "pad_sequences: truncating must be \"pre\" or \"post\". Received: \"\"",
                       errors::InvalidArgumentError);
  CHECK_THROWS_WITH_AS(sequence::pad_sequences(x, {.maxlen = -1}),
                       "pad_sequences: maxlen must not be negative. Received: -1", errors::InvalidArgumentError);
  CHECK_THROWS_AS(sequence::pad_sequences(x, {.maxlen = std::numeric_limits<i64>::max()}),
                  errors::InvalidArgumentError);
  CHECK_THROWS_AS(sequence::pad_sequences(x, {.value = 0.5}), errors::InvalidArgumentError);
  CHECK_THROWS_AS(sequence::pad_sequences<std::int8_t>(lists{{300}}), errors::InvalidArgumentError);
}

TEST_CASE("text: words are what stands between blanks and punctuation") {
  CHECK(text::text_to_word_sequence("To be, or not-to be?\tDon't!") ==
        strings{"to", "be", "or", "not", "to", "be", "don't"});
  CHECK(text::text_to_word_sequence("A.B", {.filters = "", .lower = false}) == strings{"A.B"});
  CHECK(text::text_to_word_sequence("a--b-c", {.filters = "", .split = "--"}) == strings{"a", "b-c"});
  CHECK(text::text_to_word_sequence("a!b", {.split = "||"}) == strings{"a", "b"});
  CHECK(text::text_to_word_sequence(" ,. ").empty());
  CHECK(text::text_to_word_sequence("").empty());
  CHECK_THROWS_WITH_AS(text::text_to_word_sequence("a", {.split = ""}), "Tokenizer: split must not be empty",
                       errors::InvalidArgumentError);
  CHECK(text::text_to_characters("aB\xC3\xA9!") == strings{"a", "b", "\xC3\xA9", "!"});
  CHECK(text::text_to_characters("\xC3\xE2\x82", false) == strings{"\xC3", "\xE2", "\x82"});
  CHECK(text::text_to_characters("\xF0\x9F\x95\xB0", false).size() == 1);
}

TEST_CASE("Tokenizer: the most common word has number 1") {
  text::Tokenizer tokenizer;
  strings const texts{"The cat sat on the mat.", "The dog sat on the log.", "Dogs and cats living together."};
  tokenizer.fit_on_texts(texts);
  CHECK(tokenizer.document_count == 3);
  CHECK(tokenizer.word_index.at("the") == 1);
  CHECK(tokenizer.word_index.at("sat") == 2);
  CHECK(tokenizer.word_index.at("on") == 3);
  CHECK(tokenizer.word_index.at("cat") == 4);
  CHECK(tokenizer.word_index.size() == 12);
  CHECK(tokenizer.index_word[1] == "the");
  CHECK(tokenizer.word_counts[0] == std::pair<std::string, i64>("the", 4));
  CHECK(tokenizer.word_docs.at("the") == 2);
  CHECK(tokenizer.index_docs.at(1) == 2);
  auto const numbers = tokenizer.texts_to_sequences({"The CAT on fire", "", "the dog"});
  CHECK(numbers == std::vector<text::Tokenizer::sequence>{{1, 4, 3}, {}, {1, 6}});
  CHECK(tokenizer.sequences_to_texts(numbers) == strings{"the cat on", "", "the dog"});
  // More texts may change the numbers.
  tokenizer.fit_on_texts({"dog dog dog dog"});
  CHECK(tokenizer.word_index.at("dog") == 1);
  CHECK(tokenizer.index_docs.at(1) == 2);
}

TEST_CASE("Tokenizer: words beyond num_words are left out, or become the word for unknown ones") {
  strings const texts{"a a a b b c"};
  text::Tokenizer few({.num_words = 3});
  few.fit_on_texts(texts);
  CHECK(few.texts_to_sequences({"c b a d"})[0] == std::vector<std::int32_t>{2, 1});
  text::Tokenizer unknown({.num_words = 3, .oov_token = "<?>"});
  unknown.fit_on_texts(texts);
  CHECK(unknown.word_index.at("<?>") == 1);
  CHECK(unknown.word_index.at("a") == 2);
  CHECK(unknown.texts_to_sequences({"c b a d"})[0] == std::vector<std::int32_t>{1, 1, 2, 1});
  CHECK(unknown.sequences_to_texts({{2, 3, 99, -1, 0}}) == strings{"a <?> <?> <?> <?>"});
  text::Tokenizer letters({.lower = false, .char_level = true});
  letters.fit_on_texts({"hello", "Hi"});
  CHECK(letters.word_index.at("l") == 1);
  CHECK(letters.texts_to_sequences({"Hell"})[0] == std::vector<std::int32_t>{5, 3, 1, 1});
}

TEST_CASE("Tokenizer: a matrix tells of each word whether, how often, and how specially it stands in a text") {
  text::Tokenizer tokenizer;
  tokenizer.fit_on_texts({"a a b", "a c"});
  strings const texts{"a b a a", "c", ""};
  CHECK(holds<float>(tokenizer.texts_to_matrix(texts), {{0, 1, 1, 0}, {0, 0, 0, 1}, {0, 0, 0, 0}}));
  CHECK(holds<float>(tokenizer.texts_to_matrix(texts, "count"), {{0, 3, 1, 0}, {0, 0, 0, 1}, {0, 0, 0, 0}}));
  CHECK(holds<float>(tokenizer.texts_to_matrix(texts, "freq"), {{0, .75f, .25f, 0}, {0, 0, 0, 1}, {0, 0, 0, 0}}));
  auto const tfidf = tokenizer.texts_to_matrix<double>(texts, "tfidf");
  CHECK(tfidf(0, 1) == doctest::Approx((1 + std::log(3.0)) * std::log(1 + 2.0 / 3)));
  CHECK(tfidf(0, 2) == doctest::Approx(std::log(1 + 2.0 / 2)));
  CHECK(tfidf(1, 1) == 0);

  text::Tokenizer counted({.num_words = 3});
  counted.fit_on_sequences({{1, 1}, {1, 2}});
  CHECK(counted.document_count == 2);
  CHECK(counted.index_docs.at(1) == 2);
  CHECK(holds<float>(counted.sequences_to_matrix({{1, 7, 2, 2}}, "count"), {{0, 1, 2}}));
}

TEST_CASE("Tokenizer: what cannot be is refused") {
  using errors::InvalidArgumentError;
  CHECK_THROWS_WITH_AS(text::Tokenizer({.num_words = -1}), "Tokenizer: num_words must not be negative. Received: -1",
                       InvalidArgumentError);
  CHECK_THROWS_AS(text::Tokenizer({.split = ""}), InvalidArgumentError);
  text::Tokenizer tokenizer;
  CHECK_THROWS_WITH_AS(tokenizer.texts_to_matrix({"a"}),
                       "Specify a dimension (num_words argument), or fit on some text data first.",
                       InvalidArgumentError);
  text::Tokenizer fixed({.num_words = 3});
  CHECK_THROWS_WITH_AS(fixed.texts_to_matrix({"a"}, "tfidf"), "Fit the Tokenizer on some data before using tfidf mode.",
                       InvalidArgumentError);
  CHECK_THROWS_WITH_AS(fixed.texts_to_matrix({"a"}, "onehot"),
                       "Unknown vectorization mode: onehot\nhelp: mode is \"binary\", \"count\", \"freq\" or \"tfidf\"",
                       InvalidArgumentError);
  CHECK_THROWS_AS(fixed.sequences_to_matrix({{-1}}), InvalidArgumentError);
}
