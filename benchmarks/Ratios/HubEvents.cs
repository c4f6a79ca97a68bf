using System.Globalization;
using System.Text;

namespace Penstock.Benchmarks.Ratios;

/// <summary>
/// Generates events like those of the GitHub archive: many members, many URLs, deeply nested pull requests. Each run has the same events.
/// </summary>
internal static class HubEvents
{
    private static readonly string[] Words = [
        "fix",
        "the",
        "parser",
        "add",
        "tests",
        "for",
        "window",
        "state",
        "remove",
        "old",
        "code",
        "docs",
        "update",
        "readme",
        "\\\"quoted\\\"",
        "naïve",
        "–",
        "bump",
        "version",
        "of"
    ];

    public static byte[] Lines(int bytes)
    {
        var random = new Random(1);
        var text = new StringBuilder(bytes + 16_384);
        for (var id = 20_000_000_000L; text.Length < bytes; id++)
        {
            Append(text, random, id);
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static void Append(StringBuilder text, Random random, long id)
    {
        var user = random.Next(20_000);
        var repo = random.Next(5_000);
        var kind = random.Next(10);
        var type = kind < 5 ? "PushEvent" : kind < 7 ? "PullRequestEvent" : kind < 9 ? "IssueCommentEvent" : "WatchEvent";
        text.Append(CultureInfo.InvariantCulture, $"{{\"id\":\"{id}\",\"type\":\"{type}\",\"actor\":");
        Actor(text, user);
        text.Append(
            CultureInfo.InvariantCulture,
            $",\"repo\":{{\"id\":{repo + 1_000_000},\"name\":\"owner-{repo % 700}/project-{repo}\",\"url\":\"https://api.github.com/repos/owner-{repo % 700}/project-{repo}\"}},\"payload\":");
        switch (type)
        {
            case "PushEvent":
                Push(text, random, repo);
                break;
            case "PullRequestEvent":
                PullRequest(text, random, repo);
                break;
            case "IssueCommentEvent":
                Comment(text, random, repo);
                break;
            default:
                text.Append("{\"action\":\"started\"}");
                break;
        }

        text.Append(
            CultureInfo.InvariantCulture,
            $",\"public\":true,\"created_at\":\"{DateTime.UnixEpoch.AddSeconds(id % 1_000_000_000):yyyy-MM-ddTHH:mm:ss}Z\"}}\n");
    }

    private static void Actor(StringBuilder text, int user) => text.Append(
        CultureInfo.InvariantCulture,
        $"{{\"id\":{user + 100_000},\"login\":\"user-{user}\",\"display_login\":\"user-{user}\",\"gravatar_id\":\"\",\"url\":\"https://api.github.com/users/user-{user}\",\"avatar_url\":\"https://avatars.githubusercontent.com/u/{user + 100_000}?\"}}");

    private static void Push(StringBuilder text, Random random, int repo)
    {
        var commits = random.Next(1, 4);
        text.Append(
            CultureInfo.InvariantCulture,
            $"{{\"repository_id\":{repo + 1_000_000},\"push_id\":{random.NextInt64(1L << 40)},\"size\":{commits},\"distinct_size\":{commits},\"ref\":\"refs/heads/main\",\"head\":\"{Sha(random)}\",\"before\":\"{Sha(random)}\",\"commits\":[");
        for (var i = 0; i < commits; i++)
        {
            var author = random.Next(3_000);
            var sha = Sha(random);
            text.Append(
                CultureInfo.InvariantCulture,
                $"{(i == 0 ? "" : ",")}{{\"sha\":\"{sha}\",\"author\":{{\"email\":\"author-{author}@example.org\",\"name\":\"Author Number {author}\"}},\"message\":\"{Message(random, 12)}\",\"distinct\":{(random.Next(5) == 0 ? "false" : "true")},\"url\":\"https://api.github.com/repos/owner-{repo % 700}/project-{repo}/commits/{sha}\"}}");
        }

        text.Append("]}");
    }

    private static void PullRequest(StringBuilder text, Random random, int repo)
    {
        var number = random.Next(1, 5_000);
        var place = $"https://api.github.com/repos/owner-{repo % 700}/project-{repo}";
        text.Append(
            CultureInfo.InvariantCulture,
            $"{{\"action\":\"{(random.Next(2) == 0 ? "opened" : "closed")}\",\"number\":{number},\"pull_request\":{{\"url\":\"{place}/pulls/{number}\",\"id\":{random.Next()},\"node_id\":\"PR_{Sha(random)}\",\"html_url\":\"{place}/pull/{number}\",\"diff_url\":\"{place}/pull/{number}.diff\",\"patch_url\":\"{place}/pull/{number}.patch\",\"number\":{number},\"state\":\"open\",\"locked\":false,\"title\":\"{Message(random, 8)}\",\"user\":");
        User(text, random.Next(20_000));
        text.Append(
            CultureInfo.InvariantCulture,
            $",\"body\":\"{Message(random, 80)}\",\"created_at\":\"2026-01-01T10:00:00Z\",\"closed_at\":null,\"merge_commit_sha\":\"{Sha(random)}\",\"assignee\":null,\"assignees\":[],\"labels\":[{{\"id\":{random.Next()},\"name\":\"bug\",\"color\":\"d73a4a\",\"default\":true}}],\"head\":{{\"label\":\"user:branch\",\"ref\":\"branch\",\"sha\":\"{Sha(random)}\",\"user\":");
        User(text, random.Next(20_000));
        text.Append(
            CultureInfo.InvariantCulture,
            $"}},\"base\":{{\"label\":\"owner:main\",\"ref\":\"main\",\"sha\":\"{Sha(random)}\",\"user\":");
        User(text, repo % 700);
        text.Append(
            CultureInfo.InvariantCulture,
            $"}},\"draft\":false,\"merged\":{(random.Next(2) == 0 ? "false" : "true")},\"mergeable\":null,\"comments\":{random.Next(10)},\"commits\":{random.Next(10)},\"additions\":{random.Next(1000)},\"deletions\":{random.Next(1000)},\"changed_files\":{random.Next(30)}}}}}");
    }

    private static void Comment(StringBuilder text, Random random, int repo)
    {
        var number = random.Next(1, 5_000);
        var place = $"https://api.github.com/repos/owner-{repo % 700}/project-{repo}";
        text.Append(
            CultureInfo.InvariantCulture,
            $"{{\"action\":\"created\",\"issue\":{{\"url\":\"{place}/issues/{number}\",\"id\":{random.Next()},\"number\":{number},\"title\":\"{Message(random, 8)}\",\"user\":");
        User(text, random.Next(20_000));
        text.Append(
            CultureInfo.InvariantCulture,
            $",\"labels\":[],\"state\":\"open\",\"comments\":{random.Next(40)},\"body\":\"{Message(random, 60)}\"}},\"comment\":{{\"url\":\"{place}/issues/comments/{random.Next()}\",\"id\":{random.Next()},\"user\":");
        User(text, random.Next(20_000));
        text.Append(CultureInfo.InvariantCulture, $",\"body\":\"{Message(random, 40)}\"}}}}");
    }

    private static void User(StringBuilder text, int user)
    {
        var place = $"https://api.github.com/users/user-{user}";
        text.Append(
            CultureInfo.InvariantCulture,
            $"{{\"login\":\"user-{user}\",\"id\":{user + 100_000},\"node_id\":\"MDQ6VXNlcjEwMDAwMA==\",\"avatar_url\":\"https://avatars.githubusercontent.com/u/{user + 100_000}?v=4\",\"gravatar_id\":\"\",\"url\":\"{place}\",\"html_url\":\"https://github.com/user-{user}\",\"followers_url\":\"{place}/followers\",\"following_url\":\"{place}/following{{/other_user}}\",\"gists_url\":\"{place}/gists{{/gist_id}}\",\"repos_url\":\"{place}/repos\",\"type\":\"User\",\"site_admin\":false}}");
    }

    private static string Message(Random random, int words) =>
        string.Join(' ', Enumerable.Range(0, random.Next(1, words)).Select(_ => Words[random.Next(Words.Length)]))
            + (random.Next(4) == 0 ? "\\n\\nSigned-off-by: someone" : "");

    private static string Sha(Random random) => $"{random.NextInt64():x16}{random.NextInt64():x16}{random.Next():x8}";
}
