package dev.postbus.web.console;

import java.util.List;
import java.util.Map;

/** The page of what somebody should look at, with the next step for each of it. */
final class DoctorPage {
  private final Survey survey;
  private final Diagnosis diagnosis;

  DoctorPage(Survey survey, Diagnosis diagnosis) {
    this.survey = survey;
    this.diagnosis = diagnosis;
  }

  View show() {
    var state = survey.state();
    var findings = diagnosis.of(state);
    return View.of(
        "doctor",
        "Doctor",
        Map.of("findings", findings, "count", count(findings), "right", Diagnosis.right(state)));
  }

  /** How many there are, in words. */
  static String count(List<Finding> findings) {
    var problems = (int) findings.stream().filter(Finding::problem).count();
    return words(problems, "problem") + ", " + words(findings.size() - problems, "warning");
  }

  private static String words(int count, String what) {
    return count + " " + what + (count == 1 ? "" : "s");
  }
}
