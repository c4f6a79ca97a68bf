namespace Penstock.Network;

/// <summary>The end of an input channel to which credits are returned: its sender.</summary>
internal interface ICreditReturn
{
    /// <summary>Returns the credit of a batch that has been taken.</summary>
    void ReturnCredit();
}
