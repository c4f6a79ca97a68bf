using Penstock.Kafka;

namespace Samples.Clicks;

public readonly record struct Click(
    [property: Metadata("key")] string User,
    string Page,
    DateTimeOffset At,
    [property: Metadata("offset")] long Offset,
    [property: Metadata("header:trace")] string? Trace);

public readonly record struct PageCount(string Page, long Count, bool IsGone);

[Operator, KeyBy(nameof(Click.Page))]
public sealed partial class CountPerPage
{
    [State] private partial ref long Count { get; }

    [Process]
    private void Add(in Click click, ref Output<PageCount> output) =>
        output.Emit(new PageCount(click.Page, ++Count, click.Trace == "gone"));
}

[Pipeline]
public sealed partial class ClickCounts
{
    [KafkaSource("clicks-eu", "clicks-us", OnBadRow = BadRowPolicy.SideOutput, Until = KafkaEnd.Latest)]
    public partial Stream<Click> Clicks { get; }

    [SideOutput(nameof(Clicks), SideOutputs.BadRows)]
    [KafkaSink("dead-clicks", Format = MessageFormat.Raw)]
    public partial Stream<BadRow> Bad { get; }

    [Apply<CountPerPage>(nameof(Clicks))]
    [KafkaSink("counts", Key = nameof(PageCount.Page), Tombstone = nameof(PageCount.IsGone))]
    [KafkaSink("counts-csv", Format = MessageFormat.Csv, Delivery = KafkaDelivery.AtLeastOnce)]
    public partial Stream<PageCount> Counts { get; }
}
