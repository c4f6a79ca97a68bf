using System.Globalization;
using System.Text;
using Penstock.Runtime.Tests.Windows.Firing;
using Penstock.Testing;

namespace Penstock.Runtime.Tests.Tasks.Operators;

/// <summary>Operators with several inputs in the engine, compared with plain loops.</summary>
public sealed class SeveralInputsTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 7)]
    [InlineData(4, 1024)]
    public void Three_inputs_share_the_state_of_a_key(int parallelism, int batch)
    {
        var random = new Random(parallelism);
        using var test = PipelineTest.For<AccountsPipeline>(
            options => (options.Parallelism, options.BatchSize) = (parallelism, batch));
        var (deposits, withdrawals, limits, rows) = (new int[20], new int[20], new int[20], new int[20]);
        for (var round = 0; round < 40; round++)
        {
            var (first, second, third) = (new StringBuilder("account,branch,amount\n"), new StringBuilder(), new StringBuilder("text\n"));
            for (var row = random.Next(20); row > 0; row--)
            {
                var (account, amount) = (random.Next(20), random.Next(1, 100));
                deposits[account] += amount;
                rows[account]++;
                first.Append(CultureInfo.InvariantCulture, $"account{account},1,{amount}\n");
            }

            for (var row = random.Next(20); row > 0; row--)
            {
                var (account, amount) = (random.Next(20), random.Next(1, 100));
                withdrawals[account] += amount;
                rows[account]++;
                second.Append(
                    CultureInfo.InvariantCulture,
                    $"{{\"owner\":\"account{account}\",\"amount\":{amount},\"place\":\"here\"}}\n");
            }

            for (var row = random.Next(5); row > 0; row--)
            {
                var (account, limit) = (random.Next(20), random.Next(1, 100));
                limits[account] = limit;
                rows[account]++;
                third.Append(CultureInfo.InvariantCulture, $"account{account}:{limit}\n");
            }

            test.SendText(nameof(AccountsPipeline.Deposits), first.ToString());
            test.SendText(nameof(AccountsPipeline.Withdrawals), second.ToString());
            test.SendText(nameof(AccountsPipeline.Limits), third.ToString());
            if (round % 10 == 7)
            {
                test.Checkpoint();
                test.CrashAndRestore(1 + random.Next(4));
            }
        }

        test.End(nameof(AccountsPipeline.Deposits));
        test.End(nameof(AccountsPipeline.Withdrawals));
        test.End(nameof(AccountsPipeline.Limits));
        test.Checkpoint();

        // The order between the inputs is free, but the last row of each account has all of them.
        var states = test.Committed<AccountState>(nameof(AccountsPipeline.Positive));
        Assert.Equal(rows.Sum(), states.Count);
        Assert.Equal(
            Enumerable.Range(0, 20)
                .Select(account => new AccountState(
                    $"account{account}",
                    deposits[account],
                    withdrawals[account],
                    limits[account],
                    rows[account]))
                .Where(static state => state.Rows > 0)
                .OrderBy(static state => state.Account, StringComparer.Ordinal),
            states.GroupBy(static state => state.Account)
                .Select(static account => account.MaxBy(static state => state.Rows))
                .OrderBy(static state => state.Account, StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 64)]
    [InlineData(3, 5)]
    public void Inputs_with_the_same_rows_from_one_source_have_their_own_keys(int parallelism, int batch)
    {
        var random = new Random(batch);
        var links = Enumerable.Range(0, 500).Select(_ => (From: random.Next(12), To: random.Next(12))).ToList();
        using var test = PipelineTest.For<LinksPipeline>(
            options => (options.Parallelism, options.BatchSize) = (parallelism, batch));
        test.SendText(
            nameof(LinksPipeline.Links),
            "from,to\n" + string.Concat(links.Select(static link => $"{link.From},{link.To}\n")));
        test.End(nameof(LinksPipeline.Links));

        Assert.Equal(
            Enumerable.Range(0, 12).Select(node => new NodeDegree(
                node,
                links.Count(link => link.To == node && link.From != node),
                links.Count(link => link.From == node))),
            test.Read<NodeDegree>(nameof(LinksPipeline.Degrees))
                .GroupBy(static degree => degree.Node)
                .Select(static node => node.MaxBy(static degree => degree.In + degree.Out))
                .OrderBy(static degree => degree.Node));
    }

    // The operator is slower than its inputs, which fill their channels whenever it has taken something.
    [Fact]
    public void Rows_of_the_preferred_input_go_first_where_rows_of_several_wait()
    {
        const int Rows = 200;
        const int Waiting = 8;
        using var harness = new BurstHarness<AccountsPipeline>(
            seed: 1,
            parallelism: 1,
            batchSize: 1,
            Waiting,
            slowest: nameof(AccountsPipeline.Accounts));
        harness.Send(nameof(AccountsPipeline.Deposits), Enumerable.Range(0, Rows).Select(static _ => new Deposit("a", 1, 1)));
        harness.Send<Withdrawal>(nameof(AccountsPipeline.Withdrawals), []);
        harness.Send(nameof(AccountsPipeline.Limits), Enumerable.Range(1, Rows).Select(static number => new LimitChange($"a:{number}")));
        harness.Run();

        Assert.True(harness.HasEnded);
        var states = harness.Read<AccountState>(nameof(AccountsPipeline.Positive)).ToList();
        Assert.Equal(2 * Rows, states.Count);
        Assert.All(
            states.Where(static (state, index) => index % (2 * Waiting) == Waiting - 1),
            static state => Assert.Equal(state.Limit, state.Deposits + Waiting));
    }

    [Fact]
    public void The_plan_has_an_edge_for_each_input()
    {
        var node = AccountsPipeline.Plan.Nodes.Single(static node => node.Id == nameof(AccountsPipeline.Accounts));
        Assert.Equal(["Deposits", "Withdrawals", "Limits"], node.Inputs);
        Assert.Equal("Account = Owner = Holder", node.Key);
        Assert.Equal("Accounts: KeepAccounts, Limits first", node.Label);

        var task = AccountsPipeline.Plan.Tasks.Single(static task => task.Id == nameof(AccountsPipeline.Accounts));
        Assert.Equal([0, 1, 2], task.Inputs.Select(static edge => edge.Input));
        Assert.Equal([false, false, true], task.Inputs.Select(static edge => edge.IsPreferred));

        Assert.Equal(
            3,
            AccountsPipeline.Plan.ToMermaid().Split('\n')
                .Count(static line => line.Contains(" ==>|\"by Account = Owner = Holder\"| ", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_test_reads_the_rows_of_an_operator_without_a_sink()
    {
        using var test = PipelineTest.For<AccountsPipeline>(everyStream: true);
        test.Send(nameof(AccountsPipeline.Withdrawals), new Withdrawal("a", 5, "here"));
        Assert.Equal([new AccountState("a", 0, 5, 0, 1)], test.Read<AccountState>(nameof(AccountsPipeline.Accounts)));
    }

    [Fact]
    public void An_exception_of_a_method_names_the_operator_and_the_key_of_its_input()
    {
        using var test = PipelineTest.For<AccountsPipeline>();
        var error = Assert.Throws<OperatorException>(
            () => test.Send(nameof(AccountsPipeline.Limits), new LimitChange("a:none")));
        Assert.Contains(
            "operator 'Accounts' (Penstock.Runtime.Tests.Tasks.Operators.KeepAccounts) failed",
            error.Message,
            StringComparison.Ordinal);
        Assert.Contains("at a row that task 'Limits' sent by key, key a", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_computed_key_that_throws_names_the_stream()
    {
        using var test = PipelineTest.For<AccountsPipeline>(static options => options.Parallelism = 2);
        var error = Assert.Throws<OperatorException>(() => test.Send(nameof(AccountsPipeline.Limits), new LimitChange(null!)));
        Assert.Contains("the key of stream 'Accounts' cannot be read", error.Message, StringComparison.Ordinal);
    }
}
