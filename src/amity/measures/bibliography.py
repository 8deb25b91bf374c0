"""What the measures' `cite` keys stand for."""

from __future__ import annotations

BIBLIOGRAPHY = {
    "albert1993": (
        "Albert, James H., and Siddhartha Chib. 1993. Bayesian Analysis of Binary and Polychotomous Response Data. "
        "Journal of the American Statistical Association 88(422): 669–679."
    ),
    "bailey2017": (
        "Bailey, Michael A., Anton Strezhnev and Erik Voeten. 2017. Estimating Dynamic State Preferences from United "
        "Nations Voting Data. Journal of Conflict Resolution 61(2): 430–456."
    ),
    "chinastory2020": (
        "The China Story, Australian Centre on China in the World, Australian National University. Bilateral PRI "
        "between China and the world, 2010 to 2020. "
        "https://www.thechinastory.org/interactive-charts/bilateral-pri-between-china-and-the-world/"
    ),
    "cohen1960": (
        "Cohen, Jacob. 1960. A Coefficient of Agreement for Nominal Scales. Educational and Psychological Measurement "
        "20(1): 37–46."
    ),
    "cohen1968": (
        "Cohen, Jacob. 1968. Weighted Kappa: Nominal Scale Agreement with Provision for Scaled Disagreement or Partial "
        "Credit. Psychological Bulletin 70(4): 213–220."
    ),
    "garwood1936": (
        "Garwood, F. 1936. Fiducial Limits for the Poisson Distribution. Biometrika 28(3/4): 437–442."
    ),
    "goldstein1992": (
        "Goldstein, Joshua S. 1992. A Conflict-Cooperation Scale for WEIS Events Data. Journal of Conflict Resolution "
        "36(2): 369–385."
    ),
    "hage2011": (
        "Häge, Frank M. 2011. Choice or Circumstance? Adjusting Measures of Foreign Policy Similarity for Chance "
        "Agreement. Political Analysis 19(3): 287–305."
    ),
    "lijphart1963": (
        "Lijphart, Arend. 1963. The Analysis of Bloc Voting in the General Assembly: A Critique and a Proposal. "
        "American Political Science Review 57(4): 902–917."
    ),
    "scott1955": (
        "Scott, William A. 1955. Reliability of Content Analysis: The Case of Nominal Scale Coding. Public Opinion "
        "Quarterly 19(3): 321–325."
    ),
    "signorino1999": (
        "Signorino, Curtis S., and Jeffrey M. Ritter. 1999. Tau-b or Not Tau-b: Measuring the Similarity of Foreign "
        "Policy Positions. International Studies Quarterly 43(1): 115–144."
    ),
    "yan2004": (
        "Yan, Xuetong, and Zhou Fangyin. 2004. Guojia shuangbian guanxi de dingliang hengliang (Measuring bilateral "
        "relations between states). Zhongguo shehui kexue (Social Sciences in China) 2004(6): 90–103."
    ),
}
