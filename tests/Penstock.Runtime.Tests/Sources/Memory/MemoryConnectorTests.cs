using System.Threading.Channels;
using System.Threading.Tasks.Dataflow;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Penstock.Runtime.Tests.Errors;
using Penstock.Runtime.Tests.Hosting;

namespace Penstock.Runtime.Tests.Sources.Memory;

/// <summary>Channels, dataflow blocks and sequences at the edges of a pipeline, compared with a plain loop.</summary>
[Collection(ExitCodeCollection.Name)]
public sealed class MemoryConnectorTests
{
    private static readonly Payment[] Payments =
        [.. Enumerable.Range(0, 3000).Select(static number => new Payment($"account {number % 7}", number))];

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_channel_that_is_completed_ends_the_pipeline_which_completes_its_output(int parallelism)
    {
        var (input, output) = (Channel.CreateUnbounded<Payment>(), Channel.CreateUnbounded<Paid>());
        using var host = Host<ChannelPipeline>(options => options.Parallelism = parallelism, input.Reader, output.Writer);
        var running = host.RunPipelinesAsync();
        foreach (var payment in Payments)
        {
            await input.Writer.WriteAsync(payment);
        }

        input.Writer.Complete();
        Assert.Equal(Expected(Payments), Sorted(await ReadAllAsync(output.Reader, running)));
        Assert.Equal(PipelineState.Finished, (await running)[0].State);
    }

    [Fact]
    public async Task A_row_that_comes_later_wakes_the_pipeline()
    {
        var (input, output) = (Channel.CreateBounded<Payment>(2), Channel.CreateBounded<Paid>(1));
        using var host = Host<ChannelPipeline>(input.Reader, output.Writer);
        var running = host.RunPipelinesAsync();
        for (var number = 1; number <= 5; number++)
        {
            await input.Writer.WriteAsync(new Payment("a", 10));
            await PipelineWaiting.UntilAsync(running, () => output.Reader.Count == 1);
            Assert.Equal(new Paid("a", number, number * 10), await output.Reader.ReadAsync());
        }

        input.Writer.Complete();
        await running;
    }

    [Fact]
    public async Task A_full_channel_behind_the_pipeline_holds_the_writer_back()
    {
        var (input, output) = (Channel.CreateBounded<Payment>(1), Channel.CreateBounded<Paid>(1));
        using var host = Host<ChannelPipeline>(static options => options.BatchSize = 1, input.Reader, output.Writer);
        var running = host.RunPipelinesAsync();
        var written = 0;
        while (written < Payments.Length && await WrittenInTimeAsync(input.Writer, Payments[written]))
        {
            written++;
        }

        // The source takes a block ahead.
        Assert.InRange(written, 1, 600);
        var reading = ReadAllAsync(output.Reader, running);
        foreach (var payment in Payments[written..])
        {
            await input.Writer.WriteAsync(payment);
        }

        input.Writer.Complete();
        Assert.Equal(Expected(Payments), Sorted(await reading));
    }

    [Fact]
    public async Task A_stop_does_not_wait_for_a_reader_of_the_output()
    {
        var (input, output) = (Channel.CreateUnbounded<Payment>(), Channel.CreateBounded<Paid>(1));
        using var host = Host<ChannelPipeline>(
            static options => options.ShutdownTimeout = TimeSpan.FromMilliseconds(50),
            input.Reader,
            output.Writer);
        using var stop = new CancellationTokenSource();
        var running = host.RunPipelinesAsync(stop.Token);
        Assert.True(input.Writer.TryWrite(Payments[0]) && input.Writer.TryWrite(Payments[1]) && input.Writer.TryWrite(Payments[2]));
        await PipelineWaiting.UntilAsync(running, () => output.Reader.Count == 1);
        await stop.CancelAsync();
        Assert.Equal(PipelineState.StoppedWithoutCheckpoint, (await running)[0].State);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Rows_since_the_last_checkpoint_are_read_again_after_a_restart(int parallelism)
    {
        var (input, output) = (Channel.CreateUnbounded<Payment>(), Channel.CreateUnbounded<Paid>());
        using var host = Host<ChannelPipeline>(
            options =>
            {
                (options.Parallelism, options.BatchSize, options.Restart.Delay) = (parallelism, 16, TimeSpan.FromMilliseconds(1));
                options.Checkpoints.Interval = TimeSpan.FromMilliseconds(5);
            },
            input.Reader,
            output.Writer,
            new PaymentTrouble(1, 40, 41, 1500, 2900));
        var running = host.RunPipelinesAsync();
        foreach (var payment in Payments)
        {
            input.Writer.TryWrite(payment);
            await Task.Yield();
        }

        input.Writer.Complete();
        var rows = await ReadAllAsync(output.Reader, running);
        var status = (await running)[0];

        // Two subtasks may fail at the same time.
        Assert.Equal(PipelineState.Finished, status.State);
        Assert.InRange(status.Restarts, parallelism == 1 ? 5 : 3, 5);

        // The state is exact, so a row that is passed again is the same.
        Assert.Equal(Expected(Payments), Sorted(rows.Distinct()));
    }

    [Fact]
    public async Task An_error_of_the_writer_fails_the_pipeline_after_all_rows()
    {
        var (input, output) = (Channel.CreateUnbounded<Payment>(), Channel.CreateUnbounded<Paid>());
        input.Writer.TryWrite(Payments[0]);
        input.Writer.Complete(new InvalidDataException("The line is cut."));
        using var host = Host<ChannelPipeline>(input.Reader, output.Writer);
        var status = (await host.RunPipelinesAsync().WaitAsync(Waiting.Timeout))[0];
        Environment.ExitCode = 0;
        Assert.Equal((PipelineState.Failed, 0, 1), (status.State, status.Restarts, status.Rows));
        ErrorPage.AssertShows("PSR210", Assert.IsType<PipelineException>(status.Error));
    }

    [Fact]
    public async Task An_error_of_a_block_fails_the_pipeline_after_the_rows_that_it_has_passed_on()
    {
        var (input, output) = (new BufferBlock<Payment>(), new BufferBlock<Paid>(new DataflowBlockOptions { BoundedCapacity = 1 }));
        using var host = Host<BlockPipeline>(
            static options => options.BatchSize = 1,
            (ISourceBlock<Payment>)input,
            (ITargetBlock<Paid>)output);
        var running = host.RunPipelinesAsync();
        foreach (var payment in Payments.Take(500))
        {
            input.Post(payment);
        }

        // The pipeline is held back by its output, so it has not read the rows yet.
        await PipelineWaiting.UntilAsync(running, () => input.Count == 0);
        ((IDataflowBlock)input).Fault(new InvalidDataException("The line is cut."));
        output.LinkTo(DataflowBlock.NullTarget<Paid>());
        var status = (await running)[0];
        Environment.ExitCode = 0;
        Assert.Equal((PipelineState.Failed, 500), (status.State, status.Rows));
        ErrorPage.AssertShows("PSR210", Assert.IsType<PipelineException>(status.Error));
    }

    [Fact]
    public async Task Of_two_pipelines_that_read_one_channel_the_first_one_fails()
    {
        var (input, output) = (Channel.CreateUnbounded<Payment>(), Channel.CreateUnbounded<Paid>());
        using var first = Host<ChannelPipeline>(input.Reader, output.Writer);
        using var second = Host<ChannelPipeline>(input.Reader, output.Writer);
        var failing = first.RunPipelinesAsync();
        input.Writer.TryWrite(Payments[0]);
        await output.Reader.ReadAsync();
        var running = second.RunPipelinesAsync();
        await PipelineWaiting.UntilAsync(second, static status => status.State == PipelineState.Running);
        input.Writer.TryWrite(Payments[1]);
        var status = (await failing.WaitAsync(Waiting.Timeout))[0];
        Assert.Equal((PipelineState.Failed, 0, 1), (status.State, status.Restarts, status.Rows));
        Assert.Equal("PSR210", Assert.IsType<PipelineException>(status.Error).Code);
        Assert.Contains("another source reads the same channel", status.Error.Message, StringComparison.Ordinal);
        Environment.ExitCode = 0;
        input.Writer.Complete();
        Assert.Equal(PipelineState.Finished, (await running)[0].State);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Output_that_the_program_closes_fails_the_pipeline(bool hasError)
    {
        var (input, output) = (Channel.CreateUnbounded<Payment>(), Channel.CreateUnbounded<Paid>());
        output.Writer.Complete(hasError ? new InvalidDataException("The screen is gone.") : null);
        input.Writer.TryWrite(Payments[0]);
        using var host = Host<ChannelPipeline>(input.Reader, output.Writer);
        var status = (await host.RunPipelinesAsync().WaitAsync(Waiting.Timeout))[0];
        Environment.ExitCode = 0;
        Assert.Equal(PipelineState.Failed, status.State);
        ErrorPage.AssertShows("PSR708", Assert.IsType<PipelineException>(status.Error));
    }

    [Fact]
    public async Task Blocks_are_linked_as_any_others()
    {
        var input = new BufferBlock<int>(new DataflowBlockOptions { BoundedCapacity = 10 });
        var payments = new TransformBlock<int, Payment>(
            static number => Payments[number],
            new ExecutionDataflowBlockOptions { BoundedCapacity = 10 });
        input.LinkTo(payments, new DataflowLinkOptions { PropagateCompletion = true });
        var output = new BufferBlock<Paid>(new DataflowBlockOptions { BoundedCapacity = 10 });
        using var host = Host<BlockPipeline>((ISourceBlock<Payment>)payments, (ITargetBlock<Paid>)output);
        var running = host.RunPipelinesAsync();
        var reading = ReadAllAsync(output, running);
        for (var number = 0; number < Payments.Length; number++)
        {
            await input.SendAsync(number);
        }

        input.Complete();
        Assert.Equal(Expected(Payments), Sorted(await reading));
        Assert.Equal(PipelineState.Finished, (await running)[0].State);
    }

    [Fact]
    public async Task A_sequence_is_iterated_once_whatever_fails()
    {
        var iterations = 0;
        var output = Channel.CreateUnbounded<Paid>();
        using var host = Host<SequencePipeline>(
            static options => options.Restart.Delay = TimeSpan.FromMilliseconds(1),
            PaymentsAsync(),
            output.Writer,
            new PaymentTrouble(100, 101));
        var running = host.RunPipelinesAsync();
        Assert.Equal(Expected(Payments), Sorted((await ReadAllAsync(output.Reader, running)).Distinct()));
        Assert.Equal((PipelineState.Finished, 2, 1), ((await running)[0].State, (await running)[0].Restarts, iterations));

        async IAsyncEnumerable<Payment> PaymentsAsync()
        {
            iterations++;
            foreach (var payment in Payments)
            {
                if (payment.Amount % 100 == 0)
                {
                    await Task.Yield();
                }

                yield return payment;
            }
        }
    }

    [Fact]
    public async Task A_sequence_that_throws_does_not_look_ended()
    {
        var output = Channel.CreateUnbounded<Paid>();
        using var host = Host<SequencePipeline>(PaymentsAsync(), output.Writer);
        var status = (await host.RunPipelinesAsync().WaitAsync(Waiting.Timeout))[0];
        Environment.ExitCode = 0;
        Assert.Equal((PipelineState.Failed, 1), (status.State, status.Rows));
        Assert.Contains("The service is down.", status.Error!.Message, StringComparison.Ordinal);

        static async IAsyncEnumerable<Payment> PaymentsAsync()
        {
            yield return Payments[0];
            await Task.Yield();
            throw new IOException("The service is down.");
        }
    }

    private static IHost Host<TPipeline>(params ReadOnlySpan<object> services)
        where TPipeline : class, IPipeline => Host<TPipeline>(static _ => { }, services);

    private static IHost Host<TPipeline>(Action<PipelineOptions> configure, params ReadOnlySpan<object> services)
        where TPipeline : class, IPipeline
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(new PaymentTrouble());
        foreach (var service in services)
        {
            foreach (var type in TypesOf(service))
            {
                builder.Services.AddSingleton(type, service);
            }
        }

        builder.AddPipeline<TPipeline>(configure: configure);
        return builder.Build();
    }

    private static IEnumerable<Type> TypesOf(object service) => service switch
    {
        ChannelReader<Payment> => [typeof(ChannelReader<Payment>)],
        ChannelWriter<Paid> => [typeof(ChannelWriter<Paid>)],
        ISourceBlock<Payment> => [typeof(ISourceBlock<Payment>)],
        ITargetBlock<Paid> => [typeof(ITargetBlock<Paid>)],
        IAsyncEnumerable<Payment> => [typeof(IAsyncEnumerable<Payment>)],
        _ => [service.GetType()],
    };

    private static async Task<bool> WrittenInTimeAsync(ChannelWriter<Payment> writer, Payment payment)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        try
        {
            await writer.WriteAsync(payment, timeout.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static async Task<List<Paid>> ReadAllAsync(ChannelReader<Paid> output, Task running)
    {
        var rows = new List<Paid>();
        var reading = ReadAsync();
        await PipelineWaiting.UntilAsync(running, () => reading.IsCompleted || running.IsCompleted);
        await reading;
        return rows;

        async Task ReadAsync()
        {
            await foreach (var row in output.ReadAllAsync())
            {
                rows.Add(row);
            }
        }
    }

    private static async Task<List<Paid>> ReadAllAsync(BufferBlock<Paid> output, Task running)
    {
        var rows = new List<Paid>();
        var reading = ReadAsync();
        await PipelineWaiting.UntilAsync(running, () => reading.IsCompleted || running.IsCompleted);
        await reading;
        return rows;

        async Task ReadAsync()
        {
            while (await output.OutputAvailableAsync())
            {
                rows.Add(await output.ReceiveAsync());
            }
        }
    }

    private static List<Paid> Expected(IEnumerable<Payment> payments)
    {
        var totals = new Dictionary<string, Paid>();
        var rows = new List<Paid>();
        foreach (var payment in payments)
        {
            var last = totals.GetValueOrDefault(payment.Account);
            rows.Add(totals[payment.Account] = new Paid(payment.Account, last.Payments + 1, last.Sum + payment.Amount));
        }

        return Sorted(rows);
    }

    private static List<Paid> Sorted(IEnumerable<Paid> rows) =>
        [.. rows.OrderBy(static row => row.Account, StringComparer.Ordinal).ThenBy(static row => row.Payments)];
}
