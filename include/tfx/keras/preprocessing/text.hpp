// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tfx/base/raise.hpp>
#include <tfx/tensor/container.hpp>
#include <utility>
#include <vector>

TFX_BEGIN
namespace keras::preprocessing::text {

/// What parts words, besides blanks: punctuation, but not the apostrophe, tabs and new lines.
inline constexpr char default_filters[] = "!\"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n";

namespace detail {
/// A to Z made small; other letters, of more bytes than one, stay as they are.
inline void make_lower(std::string& text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
}
inline void check_split(std::string const& split) {
  if (split.empty()) raise<errors::InvalidArgumentError>("Tokenizer: split must not be empty");
}
}  // namespace detail

/// What `text_to_word_sequence` may be told.
struct word_options {
  std::string filters = default_filters;
  bool lower = true;
  std::string split = " ";
};

/// The words of a text: `text_to_word_sequence("To be, or not")` is {"to", "be", "or", "not"}. Each character of
/// `filters` counts as `split`, which stands between words. Of letters, ASCII's are made small.
[[gnu::noinline]] inline std::vector<std::string> text_to_word_sequence(std::string text, word_options const& o = {}) {
  detail::check_split(o.split);
  if (o.lower) detail::make_lower(text);
  std::string parted;
  for (char const c : text) {
    if (o.filters.find(c) != std::string::npos)
      parted += o.split;
    else
      parted += c;
  }
  std::vector<std::string> words;
  for (std::size_t at = 0; at <= parted.size();) {
    std::size_t const end = std::min(parted.find(o.split, at), parted.size());
    if (end > at) words.push_back(parted.substr(at, end - at));
    at = end + o.split.size();
  }
  return words;
}

/// The characters of a text in UTF-8; a byte that belongs to none stands alone.
[[gnu::noinline]] inline std::vector<std::string> text_to_characters(std::string text, bool lower = true) {
  if (lower) detail::make_lower(text);
  std::vector<std::string> characters;
  for (std::size_t at = 0; at < text.size();) {
    auto const first = static_cast<unsigned char>(text[at]);
    std::size_t size = first < 0xC2 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 1;
    for (std::size_t k = 1; k < size; ++k)
      if (at + k >= text.size() || (static_cast<unsigned char>(text[at + k]) & 0xC0) != 0x80) size = 1;
    characters.push_back(text.substr(at, size));
    at += size;
  }
  return characters;
}

/// What a `Tokenizer` may be told.
struct tokenizer_options {
  /// Only the num_words − 1 most common words are kept; 0: all.
  i64 num_words = 0;
  std::string filters = default_filters;
  bool lower = true;
  std::string split = " ";
  /// Characters instead of words.
  bool char_level = false;
  /// What stands for words that are not known, as index 1; without it they are left out.
  std::string oov_token = {};
};

/// Numbers the words, or characters, of texts by how common they are, from 1 on; 0 is nobody's, and left to padding.
///
///     Tokenizer tokenizer({.num_words = 1000});
///     tokenizer.fit_on_texts(texts);
///     auto x = sequence::pad_sequences(tokenizer.texts_to_sequences(texts));  // [n, longest] int32
template <class Word>  // so that only a program that uses it pays for its maps
class basic_tokenizer {
 public:
  using sequence = std::vector<std::int32_t>;

  /// The words in the order in which they were met first, and how often each was met.
  std::vector<std::pair<Word, i64>> word_counts;
  /// In how many texts each word stands.
  std::map<Word, i64, std::less<>> word_docs;
  /// Each word's number; of words equally common the one that was met first has the lower one.
  std::map<Word, std::int32_t, std::less<>> word_index;
  /// The word of each number, of which the first is nobody's.
  std::vector<Word> index_word{Word()};
  /// In how many texts, or sequences, each number stands.
  std::map<std::int32_t, i64> index_docs;
  i64 document_count = 0;

  explicit basic_tokenizer(tokenizer_options options = {}) : options_(std::move(options)) {
    if (options_.num_words < 0)
      raise<errors::InvalidArgumentError>("Tokenizer: num_words must not be negative. Received: %lld",
                                          static_cast<long long>(options_.num_words));
    detail::check_split(options_.split);
  }

  /// Learns the words of texts; called again, those of more texts, which may change the numbers.
  [[gnu::noinline]] void fit_on_texts(std::vector<std::string> const& texts) {
    for (std::string const& text : texts) {
      ++document_count;
      std::map<Word, bool, std::less<>> here;
      for (Word& word : words_of(text)) {
        auto const [at, is_new] = places_.try_emplace(word, word_counts.size());
        if (is_new) word_counts.emplace_back(word, 0);
        ++word_counts[at->second].second;
        if (here.try_emplace(word, true).second) ++word_docs[word];
      }
    }
    number_words();
  }
  /// Learns in how many sequences each number stands, for `sequences_to_matrix(…, "tfidf")`.
  [[gnu::noinline]] void fit_on_sequences(std::vector<sequence> const& sequences) {
    document_count += static_cast<i64>(sequences.size());
    for (sequence numbers : sequences) {
      std::sort(numbers.begin(), numbers.end());
      numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
      for (auto const number : numbers) ++index_docs[number];
    }
  }

  /// The numbers of the words of each text. Words that are not known or not among the `num_words` are left out, or
  /// become the number of `oov_token` where there is one.
  [[gnu::noinline]] std::vector<sequence> texts_to_sequences(std::vector<std::string> const& texts) const {
    std::int32_t const unknown = unknown_index();
    std::vector<sequence> result;
    result.reserve(texts.size());
    for (std::string const& text : texts) {
      sequence& numbers = result.emplace_back();
      for (Word const& word : words_of(text)) {
        auto const at = word_index.find(word);
        if (at != word_index.end() && is_kept(at->second))
          numbers.push_back(at->second);
        else if (unknown > 0)
          numbers.push_back(unknown);
      }
    }
    return result;
  }
  /// The words of the numbers of each sequence, with blanks between them.
  [[gnu::noinline]] std::vector<std::string> sequences_to_texts(std::vector<sequence> const& sequences) const {
    std::int32_t const unknown = unknown_index();
    std::vector<std::string> result;
    result.reserve(sequences.size());
    for (sequence const& numbers : sequences) {
      std::string& text = result.emplace_back();
      bool first = true;
      for (std::int32_t number : numbers) {
        if (number < 1 || static_cast<std::size_t>(number) >= index_word.size() || !is_kept(number)) number = unknown;
        if (number == 0) continue;
        if (!first) text += ' ';
        first = false;
        text += index_word[static_cast<std::size_t>(number)];
      }
    }
    return result;
  }

  /// A row for each text, [n, num_words] or one column more than there are words, with what `mode` says of each word:
  /// "binary", 1 where it stands; "count", how often; "freq", that divided by the length of the text; "tfidf",
  /// (1 + log count) · log(1 + texts / (1 + texts that have it)).
  template <class T = float>
  row_major_tensor<T, 2> texts_to_matrix(std::vector<std::string> const& texts,
                                         std::string const& mode = "binary") const {
    return sequences_to_matrix<T>(texts_to_sequences(texts), mode);
  }
  /// The same of sequences of numbers. One that is negative is refused, one of `num_words` or beyond left out.
  template <class T = float>
  row_major_tensor<T, 2> sequences_to_matrix(std::vector<sequence> const& sequences,
                                             std::string const& mode = "binary") const {
    auto const columns = static_cast<std::size_t>(check_matrix(mode, sequences.size()));
    row_major_tensor<T, 2> result({sequences.size(), columns}, T(0));
    std::vector<i64> counts(columns);
    for (std::size_t i = 0; i < sequences.size(); ++i) {
      count(sequences[i], counts);
      T* const row = result.data() + i * columns;
      for (std::size_t k = 0; k < columns; ++k)
        if (counts[k] > 0) row[k] = static_cast<T>(entry(mode, k, counts[k], sequences[i].size()));
    }
    return result;
  }

 private:
  tokenizer_options options_;
  std::map<Word, std::size_t, std::less<>> places_;  // in word_counts

  std::vector<Word> words_of(std::string const& text) const {
    return options_.char_level ? text_to_characters(text, options_.lower)
                               : text_to_word_sequence(text, {options_.filters, options_.lower, options_.split});
  }
  bool is_kept(std::int32_t number) const { return options_.num_words == 0 || number < options_.num_words; }
  std::int32_t unknown_index() const {
    auto const at = word_index.find(options_.oov_token);
    return options_.oov_token.empty() || at == word_index.end() ? 0 : at->second;
  }
  void number_words() {
    std::vector<std::size_t> order(word_counts.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      i64 const often = word_counts[a].second, other = word_counts[b].second;
      return often != other ? often > other : a < b;
    });
    index_word.assign(1, Word());
    if (!options_.oov_token.empty()) index_word.push_back(options_.oov_token);
    for (std::size_t const i : order)
      if (options_.oov_token.empty() || word_counts[i].first != options_.oov_token)
        index_word.push_back(word_counts[i].first);
    word_index.clear();
    for (std::size_t i = 1; i < index_word.size(); ++i) word_index[index_word[i]] = static_cast<std::int32_t>(i);
    index_docs.clear();
    for (auto const& [word, texts] : word_docs) index_docs[word_index[word]] = texts;
  }
  [[gnu::noinline]] i64 check_matrix(std::string const& mode, std::size_t rows) const {
    if (mode != "binary" && mode != "count" && mode != "freq" && mode != "tfidf")
      raise<errors::InvalidArgumentError>(
          "Unknown vectorization mode: %s\nhelp: mode is \"binary\", \"count\", \"freq\" or \"tfidf\"", mode.c_str());
    if (options_.num_words == 0 && word_index.empty())
      raise<errors::InvalidArgumentError>("Specify a dimension (num_words argument), or fit on some text data first.");
    if (mode == "tfidf" && document_count == 0)
      raise<errors::InvalidArgumentError>("Fit the Tokenizer on some data before using tfidf mode.");
    i64 const columns = options_.num_words > 0 ? options_.num_words : static_cast<i64>(index_word.size());
    if (columns > (i64{1} << 40) / std::max<i64>(static_cast<i64>(rows), 1))
      raise<errors::InvalidArgumentError>("sequences_to_matrix: num_words is too large: %lld",
                                          static_cast<long long>(columns));
    return columns;
  }
  [[gnu::noinline]] static void count(sequence const& numbers, std::vector<i64>& counts) {
    std::fill(counts.begin(), counts.end(), 0);
    for (auto const number : numbers) {
      if (number < 0)
        raise<errors::InvalidArgumentError>("sequences_to_matrix: a word's number must not be negative. Received: %lld",
                                            static_cast<long long>(number));
      if (static_cast<std::size_t>(number) < counts.size()) ++counts[static_cast<std::size_t>(number)];
    }
  }
  [[gnu::noinline]] double entry(std::string const& mode, std::size_t number, i64 count, std::size_t length) const {
    auto const c = static_cast<double>(count);
    if (mode == "binary") return 1;
    if (mode == "count") return c;
    if (mode == "freq") return c / static_cast<double>(length);
    auto const at = index_docs.find(static_cast<std::int32_t>(number));
    auto const having = static_cast<double>(at == index_docs.end() ? 0 : at->second);
    return (1 + std::log(c)) * std::log(1 + static_cast<double>(document_count) / (1 + having));
  }
};

using Tokenizer = basic_tokenizer<std::string>;

}  // namespace keras::preprocessing::text
TFX_END
