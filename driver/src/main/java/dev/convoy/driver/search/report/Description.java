package dev.convoy.driver.search.report;

import java.util.List;

/**
 * What a report says about its search in words.
 *
 * @param name of the search: the title
 * @param metric what is optimized, with its unit if it has one
 * @param higherIsBetter which way
 * @param lines under the title, plain text: when it was written, trials by state, the best of them
 */
public record Description(String name, String metric, boolean higherIsBetter, List<String> lines) {}
